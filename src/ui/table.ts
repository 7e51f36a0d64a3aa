import { escapeText, mapUnpainted } from './escape-text.ts'
import { textWidth, truncateText } from './text-width.ts'

export interface Column {
  readonly title: string
  /** May be cut with `…` when the terminal is narrow; the widest such column gives way first. */
  readonly shrink?: boolean
  readonly align?: 'left' | 'right'
}

export interface TableOptions {
  /** Columns of the terminal. */
  readonly columns: number
  readonly paintTitle?: (text: string) => string
  /** Put in front of every line. */
  readonly indent?: string
}

const gap = 2
const narrowest = 6

/** Cells in aligned columns, one line a row. Cells may carry our own colours; everything else that acts on a terminal is written out. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[], options: TableOptions): string {
  const indent = options.indent ?? ''
  const safe = rows.map((row) => columns.map((_, index) => mapUnpainted(row[index] ?? '', escapeText)))
  const widths = columns.map((column, index) =>
    Math.max(textWidth(column.title), ...safe.map((row) => textWidth(row[index] ?? ''))),
  )
  fitWidths(columns, widths, options.columns - textWidth(indent))
  const paintTitle = options.paintTitle ?? ((text) => text)
  const line = (cells: readonly string[], paint: (text: string) => string): string =>
    (indent + cells.map((cell, index) => layCell(cell, index, columns, widths, paint)).join(' '.repeat(gap))).trimEnd()
  const titles = columns.some((column) => column.title !== '')
    ? [
        line(
          columns.map(({ title }) => title),
          paintTitle,
        ),
      ]
    : []
  return [...titles, ...safe.map((row) => line(row, (text) => text))].join('\n')
}

function layCell(
  cell: string,
  index: number,
  columns: readonly Column[],
  widths: readonly number[],
  paint: (text: string) => string,
): string {
  const width = widths[index] ?? 0
  const text = truncateText(cell, width)
  const padding = ' '.repeat(Math.max(0, width - textWidth(text)))
  if (columns[index]?.align === 'right') return padding + paint(text)
  return paint(text) + padding
}

/** Takes columns away from the widest shrinkable column until the line fits or nothing more can give way. */
function fitWidths(columns: readonly Column[], widths: number[], room: number): void {
  const total = (): number => widths.reduce((sum, width) => sum + width, 0) + gap * (widths.length - 1)
  while (total() > room) {
    let widest = -1
    columns.forEach((column, index) => {
      const width = widths[index] ?? 0
      if (column.shrink === true && width > narrowest && width > (widths[widest] ?? 0)) widest = index
    })
    if (widest === -1) return
    widths[widest] = (widths[widest] ?? 0) - 1
  }
}
