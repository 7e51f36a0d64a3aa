import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeEngine } from '../sessions/engine.ts'
import { callAgent } from './call-agent.ts'
import { makeShellWorld } from './shell-world.ts'

const { engine, main, login, search, item, judge } = await makeShellWorld()
const elsewhere = (await makeEngine()).path

describe('a push', () => {
  test.each([
    'git push --no-verify',
    'git push origin HEAD --no-verify',
    'git -c color.ui=always push --no-veri',
    'npm test && git push --no-verify',
    '(cd src; git push --no-verify) | tee log',
    'sudo -u me git push --no-verify',
    'bash -c "git push --no-verify"',
    'echo "$(git push --no-verify)"',
    'git -c core.hooksPath=/dev/null push',
    'FLIGHTRULES=0 git push',
    'export FLIGHTRULES_SKIP=pre-push; git push',
    'env FLIGHTRULES_SKIP=post-merge,pre-push git push',
    'if true; then git push --no-verify; fi',
    `git -C ${'"$PWD"'} push --no-verify`,
    `git -c alias.p='push --no-verify' p origin`,
    `git -c alias.p='!git push --no-verify' p`,
    `A='push --no-verify'; git $A`,
    'push() { git push --no-verify; }; push',
    `echo 'git push --no-verify' | bash`,
    `env -S 'git push --no-verify'`,
    'time -p git push --no-verify',
    'git --config-env=core.hooksPath=X push',
    'GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.hooksPath GIT_CONFIG_VALUE_0=/dev/null git push',
  ])('that goes around the check is stopped: %s', async (command) => {
    expect(await judge(command)).toMatch(/^deny: Flight Rules: push refused: /)
    expect(await judge(command, main)).toMatch(/^deny: /)
  })

  test.each([
    'git push',
    'git push --dry-run -n',
    'git push origin -- --no-verify',
    'git commit --no-verify -m x',
    'git commit -m "git push --no-verify"',
    'echo git push --no-verify',
    "cat <<'EOF' >notes\ngit push --no-verify\nEOF",
    '# git push --no-verify',
    `git -C ${elsewhere} push --no-verify`,
    'FLIGHTRULES=0 npm test',
    'ssh host git push --no-verify',
    'git push --no-verify --verify',
    'git push -o --no-verify origin',
    'T=$(mktemp -d) && cd "$T" && git init && git push --no-verify',
    'sh deploy.sh <<<"git push --no-verify"',
  ])('that does not, and what only looks like it, passes: %s', async (command) => {
    expect(await judge(command)).toBe('')
  })

  test.each([
    'git -C "$SOMEWHERE" push --no-verify',
    'git p --no-verify',
    '$(command -v git) push --no-verify',
    '"$GIT" -C sub push origin --no-verify',
    'cd "$X" && git push --no-verify',
    'cd not-there; git push --no-verify',
    'HUSKY=0 git push',
    'git config core.hooksPath /dev/null && git push',
    `git config alias.p 'push --no-verify'; git p`,
  ])('that may is warned about: %s', async (command) => {
    expect(await judge(command)).toMatch(/^warn: /)
  })
})

describe('git worktree remove', () => {
  const commands = (flag: string): string[] => [
    `git worktree remove ${flag} ${search}`,
    `git worktree remove ${flag} ../search`,
    `git worktree remove search ${flag}`,
    `git -C ${main} worktree remove ${flag} ${flag} ../project-sessions/search`,
  ]

  test.each(['--force', '-f', '-ff'].flatMap(commands))('of a session, forced, is stopped: %s', async (command) => {
    expect(await judge(command)).toMatch(/^deny: .*session search.*flightrules end search --strategy abandon/)
  })

  test.each([
    `git worktree remove ${search}`,
    'git worktree remove --force ../no-session',
    'git worktree list',
    `git worktree add -f ../x`,
  ])('otherwise is git’s own matter: %s', async (command) => {
    expect(await judge(command)).toBe('')
  })

  test.each(['git worktree remove --force "$WT"', 'git worktree list | cut -f1 | xargs git worktree remove --force'])(
    'of who knows what is warned about: %s',
    async (command) => {
      expect(await judge(command)).toMatch(/^warn: /)
    },
  )
})

describe('deleting with everything in it', () => {
  test.each([
    `rm -rf ${search}`,
    `rm -r -f ${search}/`,
    'rm --recursive --force ../search',
    'rm -Rf ../sea*',
    'rm -rf ../*',
    'rm -rf ..',
    `cd .. && rm -rf search`,
    `rm -rf ${login}`,
    `D=${search}; rm -rf "$D"`,
    `rm -rf ~/../project-sessions`,
    `sudo rm -rf ${main}`,
    `rm -rf ${main}/.git`,
    `rm -rf ${main}/.git/worktrees/search`,
    `rm -rf ${item.path}`,
    `rm -rf ${item.path}/node_modules`,
    `rm -rf ${join(item.path, '..')}`,
    `ls | xargs rm -rf ${search}`,
    `eval "rm -rf ${search}"`,
    'rm -rf -- ../search',
    'rm -rf /',
    'rm -rf ../{search,dist}',
    'D="../search ../other"; rm -rf $D',
    'for d in dist ../search; do rm -rf "$d"; done',
    `rm -rf ${main}/.git/objects/pack`,
    `rm -rf ${main}/.git/refs`,
    'rm -rf .git && git init',
  ])('of a session, the trash or the repository is stopped: %s', async (command) => {
    expect(await judge(command)).toMatch(/^deny: Flight Rules: not deleted: /)
  })

  test.each([
    'rm -rf node_modules dist',
    'rm -rf ./src/*',
    `rm -rf ${login}/node_modules`,
    'rm -f ../search',
    'rm -rf /tmp/some-other-place',
    'rm -rf "/tmp/some-other-place/$X"',
    `git rm -r src`,
    `echo rm -rf ${search}`,
    'find . -name "*.tmp" -delete',
    'rm -rf ../.hidden*',
    'docker run --rm -rf x',
  ])('of anything else passes: %s', async (command) => {
    // from the main directory nobody's place of work is foreign
    expect((await judge(command, login)).replace(/^deny: Flight Rules: \/.*is session search.*/s, '')).toBe('')
  })

  test('with the hidden files left is stopped too, but in one’s own', async () => {
    expect(await judge(`rm -rf ${search}/*`, main)).toMatch(/^deny: Flight Rules: not deleted: session search/)
    expect(await judge('rm -rf *')).toBe('')
  })

  test.each(['rm -rf "$DIR"', 'rm -rf $(cat list)', 'rm -rf ../{login$X,search}', 'find .. -delete', 'ls | xargs rm -rf'])(
    'of who knows what is warned about: %s',
    async (command) => {
      expect(await judge(command)).toMatch(/^warn: .*make sure that this spares/)
    },
  )

  test.each([
    'Remove-Item -Recurse -Force ../search',
    'rm -r -fo ../search',
    'rd -Rec ../search',
    'cmd /c rd /s /q ../search',
    'pwsh -Command "rm -r ../search"',
  ])('is stopped in the other shell too: %s', async (command) => {
    expect(await judge(command, login, 'PowerShell')).toMatch(/^deny: Flight Rules: not deleted/)
  })
})

describe('another’s worktree', () => {
  test.each([
    'echo x > ../search/a.js',
    `echo x >> ${search}/a.js`,
    'cp a.js ../search/',
    'cp -t ../search a.js',
    `mv ../search/a.js .`,
    'echo x | tee ../search/a.js',
    "sed -i 's/a/b/' ../search/a.js",
    'cd ../search && touch a.js',
    'git -C ../search commit -am x',
    'cd ../search; git checkout main',
    'rm ../search/a.js',
    'bash -c "cd ../search && rm a.js"',
    'echo x > ../search/$NAME',
    'find ../search -name "*.js" -delete',
    'find ../search -exec rm {} +',
    'git --work-tree ../search checkout .',
    'GIT_WORK_TREE=../search git checkout .',
    'curl -sSo ../search/a.js https://example.com',
    'tar -xzf x.tgz -C ../search',
    'unzip x.zip -d ../search',
    'patch -d ../search -p1 <x.diff',
    'for f in a b; do x; done >../search/log',
  ])('is not written to from inside a session: %s', async (command) => {
    expect(await judge(command)).toMatch(/^deny: .* is session search, another place of work/)
    expect(await judge(command, main)).not.toMatch(/another place of work/)
  })

  test('nor is the main directory', async () => {
    expect(await judge('echo x > ../../project/a.js')).toMatch(/^(?:|deny: .*)$/)
    expect(await judge(`echo x > ${main}/a.js`)).toMatch(/^deny: .* is the main directory/)
    expect(await judge(`git -C ${main} merge x`)).toMatch(/^warn: .*flightrules end/)
  })

  test.each([
    'cat ../search/a.js',
    'git -C ../search stash list',
    'git -C ../search clean -nd',
    'git -C ../search apply --check x.diff',
    'tar -C ../search -czf /tmp/x.tgz .',
    'cp ../search/a.js .',
    'git -C ../search log',
    'git -C ../search diff main',
    'cd ../search && git status',
    'sed -n 1p ../search/a.js',
    'echo x > /dev/null',
    'echo x > /tmp/x',
    `git -C ${elsewhere} commit -m x`,
    'cd ../search && ls; cd - ; touch a',
    `cd ${main} && npm test`,
  ])('may be looked at: %s', async (command) => {
    expect(await judge(command)).toBe('')
  })

  test('a program that is run there is warned about', async () => {
    expect(await judge('cd ../search && npm test')).toMatch(/^warn: .*npm runs in .*session search/)
  })
})

describe('approving', () => {
  test.each([
    'flightrules trust',
    'npx flightrules trust --digest abc',
    'fr -C .. trust',
    'FLIGHTRULES_TRUST=abc flightrules start x',
  ])('is a person’s: %s', async (command) => {
    expect(await judge(command)).toMatch(/^deny: Flight Rules: approving .* is for a person/)
  })

  test.each(['flightrules trust --show', 'flightrules status', 'flightrules start trust --goal "x"', 'npx other trust'])(
    'and nothing else is: %s',
    async (command) => {
      expect(await judge(command)).toBe('')
    },
  )
})

test('what is warned about is said once to each agent, what is stopped each time', async () => {
  const [unsure, sure] = ['rm -rf "$DIR"', `rm -rf ${search}`]
  expect(await judge(unsure, login, 'Bash', 'one')).toMatch(/^warn/)
  expect(await judge(unsure, login, 'Bash', 'one')).toBe('')
  expect(await judge(unsure, login, 'Bash', 'two')).toMatch(/^warn/)
  expect(await judge(sure, login, 'Bash', 'one')).toMatch(/^deny/)
  expect(await judge(sure, login, 'Bash', 'one')).toMatch(/^deny/)
})

test('outside of any repository everything passes', async () => {
  expect(await judge('git push --no-verify && rm -rf "$X"', engine.parent)).toBe('')
})

test('the answer has the form the agent documents, and the status that lets its JSON decide', async () => {
  const input = {
    tool_name: 'Bash',
    tool_input: { command: 'git push --no-verify', description: 'Push', timeout: 120_000, run_in_background: false },
    tool_use_id: 'toolu_01ABC123',
  }
  const { status, stderr, answer } = await callAgent(engine, 'pre-tool-use', login, input)
  expect([status, stderr]).toEqual([0, ''])
  expect(answer).toEqual({
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: 'deny',
      permissionDecisionReason: expect.stringContaining('Flight Rules: push refused'),
    },
  })
})
