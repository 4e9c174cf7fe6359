import { svg, type SVGTemplateResult } from 'lit'

/** The woven mark: three weft threads, over and under three warp threads. */
export const mark: SVGTemplateResult = svg`
  <svg viewBox="0 0 24 24" width="30" height="30" aria-hidden="true">
    <g fill="var(--ink-soft)"><rect x="4.5" y="1" width="3" height="2.75" rx="1" /><rect x="4.5" y="8.25" width="3" height="7.5" rx="1" /><rect x="4.5" y="20.25" width="3" height="2.75" rx="1" /><rect x="10.5" y="1" width="3" height="8.75" rx="1" /><rect x="10.5" y="14.25" width="3" height="8.75" rx="1" /><rect x="16.5" y="1" width="3" height="2.75" rx="1" /><rect x="16.5" y="8.25" width="3" height="7.5" rx="1" /><rect x="16.5" y="20.25" width="3" height="2.75" rx="1" /></g>
    <g fill="var(--dye)"><rect x="1" y="4.5" width="8.75" height="3" rx="1" /><rect x="14.25" y="4.5" width="8.75" height="3" rx="1" /><rect x="1" y="10.5" width="2.75" height="3" rx="1" /><rect x="8.25" y="10.5" width="7.5" height="3" rx="1" /><rect x="20.25" y="10.5" width="2.75" height="3" rx="1" /><rect x="1" y="16.5" width="8.75" height="3" rx="1" /><rect x="14.25" y="16.5" width="8.75" height="3" rx="1" /></g>
  </svg>
`
