import { armFailpoints } from './files/failpoint.ts'

// git's hooks come through here: nothing of the command line is loaded for them.
async function run([first, second = '', ...rest]: readonly string[]): Promise<void> {
  if (first === 'hook' && second !== '' && second !== 'install' && !second.startsWith('-')) {
    const { runHook } = await import('./hook.ts')
    return runHook(second, rest)
  }
  const { main } = await import('./cli/main.ts')
  return main(process.argv.slice(2))
}

armFailpoints(process.env)
void run(process.argv.slice(2))
