import { css } from 'lit'

/** What every element's inside looks alike in: buttons, links, headings, focus, text for screen readers only. */
export const shared = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host {
    display: block;
  }
  :host([hidden]) {
    display: none;
  }
  h1,
  h2,
  h3,
  p,
  dl,
  dd,
  dt,
  ul,
  ol,
  figure {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  h2 {
    font-size: var(--step-1);
    font-weight: 600;
    line-height: 1.25;
    letter-spacing: -0.005em;
  }
  a {
    color: var(--dye);
    text-decoration-thickness: 1px;
    text-underline-offset: 0.2em;
  }
  sup {
    font-size: 0.65em;
    line-height: 0;
    vertical-align: 0.6em;
  }
  button {
    font: inherit;
    font-variant-numeric: inherit;
    color: var(--dye);
    background: none;
    border: 0;
    border-radius: var(--radius);
    cursor: pointer;
  }
  button.quiet {
    min-height: 2.75rem;
    padding: 0 1rem;
    border: 1px solid var(--rule);
    background: var(--paper);
  }
  button.quiet:hover {
    border-color: currentColor;
  }
  :focus-visible {
    outline: 2px solid var(--dye);
    outline-offset: 3px;
  }
  .soft {
    color: var(--ink-soft);
  }
  .small {
    font-size: var(--step--1);
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
    user-select: none;
  }
`

/** Names on the left, what belongs to them on the right. */
export const table = css`
  /* Rows share whatever height the list is given. */
  :host {
    display: grid;
  }
  dl {
    display: grid;
    grid-template-columns: minmax(5.25rem, auto) 1fr;
    column-gap: 1.25rem;
  }
  dl > div {
    display: grid;
    grid-template-columns: subgrid;
    grid-column: 1 / -1;
    align-content: center;
    padding: 0.55rem 0;
    border-top: 1px solid var(--rule);
  }
  dl > div:last-child {
    border-bottom: 1px solid var(--rule);
  }
  dt {
    color: var(--ink-soft);
  }
  dd {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  @media (max-width: 56rem) {
    dl {
      column-gap: 0.875rem;
      font-size: 0.9375rem;
    }
  }
`
