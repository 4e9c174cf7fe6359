/** What a bench measured, by name. */
export interface Figures {
  readonly [name: string]: Figure
}

/** Null is what could not be measured. */
export type Figure = number | string | boolean | null | Figures | readonly Figures[]
