import type { Screen } from './screen.ts'

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const
const patience = 500
const interval = 100

/** Runs `work`; after half a second a line on the terminal says what is being waited for, until it ends. */
export async function withProgress<T>(screen: Screen, label: string, work: () => Promise<T>): Promise<T> {
  if (screen.status === undefined) return work()
  const started = Date.now()
  const timer = setInterval(() => {
    const elapsed = Date.now() - started
    if (elapsed < patience) return
    const frame = frames[Math.floor(elapsed / interval) % frames.length] ?? ''
    screen.status?.(`${frame} ${label}`)
  }, interval)
  timer.unref()
  try {
    return await work()
  } finally {
    clearInterval(timer)
    screen.status('')
  }
}
