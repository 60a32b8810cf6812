import { once } from 'node:events'
import { WebSocket } from 'ws'
import { z } from 'zod'

const replySchema = z.object({ id: z.number(), result: z.object({ usedSize: z.number().optional() }).optional() })

/** Speaks to a process that was started with `--inspect`. @param output what it wrote, which names the address */
export async function openInspector(output: string) {
  const [address] = /ws:\/\/\S+/.exec(output) ?? []
  if (address === undefined) throw new Error('no inspector listens')
  const socket = new WebSocket(address)
  await once(socket, 'open')
  const waiting = new Map<number, (result: z.infer<typeof replySchema>['result']) => void>()
  let calls = 0
  socket.addEventListener('message', ({ data }) => {
    if (typeof data !== 'string') return
    const reply = replySchema.safeParse(JSON.parse(data))
    if (reply.success) waiting.get(reply.data.id)?.(reply.data.result)
  })
  const call = (method: string) => {
    const { promise, resolve } = Promise.withResolvers<z.infer<typeof replySchema>['result']>()
    calls++
    waiting.set(calls, resolve)
    socket.send(JSON.stringify({ id: calls, method }))
    return promise
  }
  return {
    /** Bytes. */
    async heapAfterCollection(): Promise<number> {
      await call('HeapProfiler.collectGarbage')
      const usage = await call('Runtime.getHeapUsage')
      return usage?.usedSize ?? Number.NaN
    },
    close: () => socket.terminate(),
  }
}
