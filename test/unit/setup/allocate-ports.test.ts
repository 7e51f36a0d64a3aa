import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { allocatePorts, isPortFree, listPorts } from '../../../src/setup/allocate-ports.ts'

const free = async (): Promise<boolean> => true

test("a number stays the main worktree's, also for the other names", async () => {
  const requests = { PORT: 3000, API_PORT: 3001, DB_PORT: { from: 3001, to: 3005 } }
  expect(await allocatePorts({ requests, taken: new Set([3002]), isFree: free })).toEqual({
    PORT: 3003,
    API_PORT: 3004,
    DB_PORT: 3005,
  })
})

test('a range is used to its last port, and then it is over', async () => {
  const requests = { A: { from: 4000, to: 4001 } }
  expect(await allocatePorts({ requests, taken: new Set([4000]), isFree: free })).toEqual({ A: 4001 })
  await expect(allocatePorts({ requests, taken: new Set([4000, 4001]), isFree: free })).rejects.toMatchObject({
    kind: 'failed',
    code: 'NO_FREE_PORT',
    message: expect.stringContaining('from 4000 to 4001'),
  })
})

test('several in a row are all free, and nobody else gets one of them', async () => {
  const requests = { WEB: { from: 5000, to: 5029, count: 10 }, API: 5011 }
  const isFree = async (port: number): Promise<boolean> => port !== 5003
  const ports = await allocatePorts({ requests, taken: new Set([5005]), isFree })
  // 5006 to 5010 are too few before the main worktree's own 5011
  expect(ports).toEqual({ WEB: 5012, API: 5022 })
  const taken = new Set(listPorts({ WEB: 5010 }, requests))
  expect([...taken]).toEqual([5010, 5011, 5012, 5013, 5014, 5015, 5016, 5017, 5018, 5019])
  expect(await allocatePorts({ requests: { WEB: requests.WEB }, taken, isFree: free })).toEqual({ WEB: 5000 })
  expect(await allocatePorts({ requests: { WEB: requests.WEB }, taken, keep: { WEB: 5005 }, isFree: free })).toEqual({
    WEB: 5000,
  })
  await expect(
    allocatePorts({ requests: { WEB: { from: 5000, to: 5018, count: 10 } }, taken: new Set([5009]), isFree: free }),
  ).rejects.toMatchObject({ code: 'NO_FREE_PORT', message: expect.stringContaining('no 10 free ports in a row for WEB') })
})

test('never goes above 65535', async () => {
  await expect(allocatePorts({ requests: { A: 65535 }, taken: new Set(), isFree: free })).rejects.toMatchObject({
    code: 'NO_FREE_PORT',
  })
  expect(await allocatePorts({ requests: { A: 65534 }, taken: new Set(), isFree: free })).toEqual({ A: 65535 })
})

test('ports the session has stay, even while its own server listens; new names get one', async () => {
  const isFree = async (port: number): Promise<boolean> => port !== 3001
  const keep = { PORT: 3001, GONE: 9 }
  expect(await allocatePorts({ requests: { API: 3000, PORT: 3000 }, taken: new Set(), keep, isFree })).toEqual({
    API: 3002,
    PORT: 3001,
  })
})

test('a port another session has by now is not kept', async () => {
  expect(await allocatePorts({ requests: { PORT: 3000 }, taken: new Set([3001]), keep: { PORT: 3001 }, isFree: free })).toEqual({
    PORT: 3002,
  })
})

test.each(['127.0.0.1', '0.0.0.0', undefined])(
  'a port a server listens on at %s is not free, and free again afterwards',
  async (host) => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen({ port: 0, host, exclusive: true }, resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    expect(await isPortFree(port)).toBe(false)
    await new Promise((resolve) => server.close(resolve))
    expect(await isPortFree(port)).toBe(true)
  },
)
