/** Rows `{ what, time, against, base, extra }` as a Markdown table: the median, and what it may be at most. */
export function renderTable(rows) {
  const cells = rows.map(({ what, time, against, base, extra }) => {
    if (extra === undefined) return [what, milliseconds(time), '', '', '']
    const limit = against === 'at most' ? `${extra} ms` : `${against} (${milliseconds(base)}) + ${extra} ms`
    return [
      what,
      milliseconds(time),
      base === 0 ? '' : `${(time / base).toFixed(2)} ×`,
      limit,
      time <= base + extra ? 'yes' : '**no**',
    ]
  })
  const head = ['what', 'median ms', 'ratio', 'at most', 'kept']
  const widths = head.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column].length)))
  const line = (row) =>
    `| ${row.map((cell, column) => (column === 1 || column === 2 ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))).join(' | ')} |`
  const rule = `| ${widths.map((width, column) => (column === 1 || column === 2 ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))).join(' | ')} |`
  return [line(head), rule, ...cells.map(line)].join('\n')
}

function milliseconds(value) {
  return value.toFixed(1)
}
