/** A file that gets other content, complete before anything is written. */
export interface PlannedFile {
  /** Absolute. */
  readonly file: string
  /** null: it is not there yet. */
  readonly before: Uint8Array | null
  readonly after: Uint8Array
  readonly mode: number
  readonly why: string
  /** What files like it are together: many are shown as one. */
  readonly group?: string
}

export interface PlannedFiles {
  readonly files: readonly PlannedFile[]
  /** What was left alone, and why. */
  readonly kept: readonly { readonly path: string; readonly why: string }[]
}
