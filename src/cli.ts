// git's hooks come through here: nothing of the command line is loaded for them.
const [first, second = '', ...rest] = process.argv.slice(2)

if (first === 'hook' && second !== '' && second !== 'install' && !second.startsWith('-')) {
  const { runHook } = await import('./hook.ts')
  await runHook(second, rest)
} else {
  const { main } = await import('./cli/main.ts')
  await main(process.argv.slice(2))
}

export {}
