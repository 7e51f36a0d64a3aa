import { expect, it } from 'vitest'
import { compareUrl } from '../../../src/integrate/compare-url.ts'
import { detectForge } from '../../../src/integrate/forge/detect-forge.ts'
import { parseRemoteUrl } from '../../../src/integrate/remote-url.ts'

it.each([
  ['https://github.com/acme/project.git', 'https://github.com/acme/project'],
  ['https://me:token@github.com/acme/project', 'https://github.com/acme/project'],
  ['https://GitHub.com/acme/project/', 'https://github.com/acme/project'],
  ['https://git.example.com:8443/acme/project.git', 'https://git.example.com:8443/acme/project'],
  ['http://git.example.com/acme/project.git', 'http://git.example.com/acme/project'],
  ['ssh://git@git.example.com:2222/acme/project.git', 'https://git.example.com/acme/project'],
  ['ssh://git@ssh.github.com:443/acme/project.git', 'https://github.com/acme/project'],
  ['git+ssh://git@github.com/acme/project.git', 'https://github.com/acme/project'],
  ['git://git.example.com/acme/project.git', 'https://git.example.com/acme/project'],
  ['git@github.com:acme/project.git', 'https://github.com/acme/project'],
  ['github.com:acme/project', 'https://github.com/acme/project'],
  ['git@gitlab.com:group/sub/deeper/project.git', 'https://gitlab.com/group/sub/deeper/project'],
  ['git@[::1]:acme/project.git', 'https://[::1]/acme/project'],
])('%s is at %s', (url, webUrl) => {
  expect(parseRemoteUrl(url)?.webUrl).toBe(webUrl)
})

it.each([
  '',
  '.',
  '..',
  '/srv/git/project.git',
  './project',
  '../a/b',
  'C:\\git\\a\\b',
  'C:/git/a/b',
  'file:///srv/git/a/b',
  'https://',
  'https://github.com',
  'https://github.com/project',
  'git@github.com:project',
  'ext::sh -c x',
  '-oProxyCommand=x:a/b',
  'https://github.com/../../etc',
  'git@host:a/b\nc',
  'ssh://host/~me/project',
])('%j is no repository on a forge', (url) => {
  expect(parseRemoteUrl(url)).toBeNull()
})

it('the forge is told by its host, or by who knows better', () => {
  expect(detectForge('git@github.com:a/b')).toBe('github')
  expect(detectForge('https://acme.ghe.com/a/b')).toBe('github')
  expect(detectForge('git@gitlab.gnome.org:a/b')).toBe('gitlab')
  expect(detectForge('git@notgithub.com:a/b')).toBe('unknown')
  expect(detectForge('git@git.example.com:a/b', { 'git.example.com': 'gitlab' })).toBe('gitlab')
  expect(detectForge('/srv/git/b.git')).toBe('unknown')
})

it('the page to open a request by hand', () => {
  const branches = { base: 'main', head: 'session/a #1' }
  const url = (remote: string, forge: string): string => {
    const repository = parseRemoteUrl(remote)
    return repository === null ? '' : compareUrl(repository, forge, branches)
  }
  expect(url('git@github.com:a/b', 'github')).toBe('https://github.com/a/b/compare/main...session/a%20%231?expand=1')
  expect(url('git@gitlab.com:a/b', 'gitlab')).toContain(
    '/-/merge_requests/new?merge_request%5Bsource_branch%5D=session%2Fa+%231&',
  )
  expect(url('git@bitbucket.org:a/b', 'unknown')).toBe(
    'https://bitbucket.org/a/b/pull-requests/new?source=session%2Fa+%231&dest=main',
  )
  expect(url('git@codeberg.org:a/b', 'unknown')).toBe('https://codeberg.org/a/b/compare/main...session/a%20%231')
})
