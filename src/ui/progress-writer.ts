import type { Progress } from '../sessions/progress.ts'
import type { Screen } from './screen.ts'

/** Tells people what the engine is doing, on standard error. */
export function progressWriter(screen: Screen): (progress: Progress) => void {
  return (progress) => {
    switch (progress.event) {
      case 'creating-worktree':
        return screen.note(screen.paint.dim(`creating ${progress.path}`))
      case 'cloning-dependencies':
        return screen.note(screen.paint.dim(`copying ${progress.paths.join(', ')}`))
      case 'running-command':
        return screen.note(screen.paint.dim(`running ${progress.command}`))
      case 'integrating':
        return screen.note(screen.paint.dim(`${progress.method}: ${progress.branch} into ${progress.into}`))
      case 'pushing':
        return screen.note(screen.paint.dim(`pushing ${progress.branch} to ${progress.remote}`))
      case 'opening-request':
        return screen.note(screen.paint.dim(`opening or updating the request with ${progress.forge}`))
      case 'removing-worktree':
        return screen.note(screen.paint.dim(`removing ${progress.path}`))
      case 'restoring-worktree':
        return screen.note(screen.paint.dim(`restoring ${progress.path}`))
      case 'purging':
        return screen.note(screen.paint.dim(`storing and deleting ${progress.trash}`))
      case 'fetching':
        return screen.note(screen.paint.dim(`fetching ${progress.base}`))
      case 'syncing':
        return screen.note(screen.paint.dim(`${progress.method}: ${progress.id} onto ${progress.onto}`))
      case 'command-output':
      case 'git-output':
        return screen.stream(progress.chunk)
    }
  }
}
