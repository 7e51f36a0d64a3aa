import type { RemoteRepository } from './remote-url.ts'

/** The page on which a person opens a request for `head` into `base` by hand. */
export function compareUrl(
  repository: RemoteRepository,
  forge: string,
  request: { readonly base: string; readonly head: string; readonly fork?: RemoteRepository | null },
): string {
  const { webUrl, host } = repository
  if (forge === 'gitlab') {
    const query = new URLSearchParams({
      'merge_request[source_branch]': request.head,
      'merge_request[target_branch]': request.base,
    })
    // GitLab offers the repository a fork comes from as the target
    return `${request.fork?.webUrl ?? webUrl}/-/merge_requests/new?${query}`
  }
  if (host.includes('bitbucket')) {
    return `${webUrl}/pull-requests/new?${new URLSearchParams({ source: request.head, dest: request.base })}`
  }
  const range = `${encodeBranch(request.base)}...${encodeFork(request.fork, repository)}${encodeBranch(request.head)}`
  return `${webUrl}/compare/${range}${forge === 'github' ? '?expand=1' : ''}`
}

/** Slashes stay readable: they are path separators to the forge as well. */
function encodeBranch(branch: string): string {
  return branch.split('/').map(encodeURIComponent).join('/')
}

function encodeFork(fork: RemoteRepository | null | undefined, { repo }: RemoteRepository): string {
  if (fork === null || fork === undefined) return ''
  return `${encodeURIComponent(fork.owner)}:${fork.repo === repo ? '' : `${encodeURIComponent(fork.repo)}:`}`
}
