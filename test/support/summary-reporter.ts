import type { Reporter, TestModule } from 'vitest/node'

/** Says which tests were skipped and why, and ends everything with the one line `N passed, N failed`. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0
    let failed = unhandledErrors.length
    const skipped: string[] = []
    for (const module of modules) {
      failed += module.errors().length
      for (const test of module.children.allTests()) {
        const result = test.result()
        if (result.state === 'passed') passed += 1
        else if (result.state === 'failed') failed += 1
        else skipped.push(`${test.fullName}${'note' in result && result.note !== undefined ? ` (${result.note})` : ''}`)
      }
    }
    // The default reporter writes its own summary after this one was called.
    process.on('exit', () => {
      for (const line of skipped) console.log(`skipped: ${line}`)
      console.log(`\n${passed} passed, ${failed} failed`)
    })
  }
}
