import type { Paint, Screen } from '../../src/ui/screen.ts'

const asIs = (text: string): string => text

/** A screen that remembers, without colour: `answers` is standard output, `notes` standard error. */
export class RecordingScreen implements Screen {
  readonly answers: string[] = []
  readonly notes: string[] = []
  readonly isTerminal = false
  readonly columns: number
  readonly paint: Paint = { bold: asIs, dim: asIs, red: asIs, green: asIs, yellow: asIs, cyan: asIs }

  constructor(columns = 80) {
    this.columns = columns
  }

  answer(text: string): void {
    this.answers.push(text)
  }

  data(text: string): void {
    this.answers.push(text)
  }

  raw(text: string): void {
    this.answers.push(text)
  }

  note(text: string): void {
    this.notes.push(text)
  }

  warn(text: string): void {
    this.notes.push(text)
  }

  stream(chunk: string): void {
    this.notes.push(chunk)
  }
}
