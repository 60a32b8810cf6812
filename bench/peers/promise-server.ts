import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { Redis } from 'ioredis'
import { WebSocketServer, type WebSocket } from 'ws'
import { z } from 'zod'
import { openPostgresDatabase } from '../../services/storage/postgres/postgres-database.ts'
import { silentLog } from '../../tests/support/silent-log.ts'

/*
 * What is promised of a message, and nothing more: it is taken once and in order, stored with its reply in one commit before
 * its sender is told, and the reply goes to their socket. The same drivers and statements of the same kind as the product's;
 * no dialog, no routes, no tokens, no checks.
 */
const env = z.object({ PORT: z.string(), DATABASE_URL: z.string(), REDIS_URL: z.string() }).parse(process.env)
const database = openPostgresDatabase({ databaseUrl: env.DATABASE_URL, log: silentLog, connections: 10 })
const redis = new Redis(env.REDIS_URL)
await database.query(`
  create table if not exists chat (id text primary key, last int not null, state text not null);
  create table if not exists line (chat text references chat, place int, body text not null, primary key (chat, place))`)

const chatSchema = z.object({ last: z.number(), state: z.string() })
const messageSchema = z.object({ chat: z.string(), text: z.string() })
const read = 'select last, state from chat where id = $1'
const store = `
  with taken as (update chat set last = last + 2, state = $2 where id = $1 and last = $3 returning last)
  insert into line (chat, place, body) select $1, last - 1, $4 from taken union all select $1, last, $5 from taken`
/** As long as a question with its card. */
const card = 'x'.repeat(1500)

const sockets = new Map<string, WebSocket>()

async function take(message: z.infer<typeof messageSchema>): Promise<void> {
  const { chat } = message
  await redis.incr(`rate:${chat}`)
  await redis.set(`lock:${chat}`, '1', 'PX', 15_000, 'NX')
  const { last, state } = chatSchema.parse((await database.query(read, [chat])).rows[0])
  const reply = JSON.stringify({ text: message.text, card, place: last + 2 })
  const { count } = await database.query(store, [chat, state, last, JSON.stringify(message), reply])
  if (count !== 2) throw new Error('a message was not stored')
  await redis.del(`lock:${chat}`)
  sockets.get(chat)?.send(reply)
}

const server = createServer((request, response) => {
  const answer = async () => {
    await take(messageSchema.parse(JSON.parse(await text(request))))
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 2 })
    response.end('{}')
  }
  void answer()
})
const streams = new WebSocketServer({ server })
streams.on('connection', (socket, { url = '' }) => {
  const id = url.slice(1)
  const open = async () => {
    await database.query('insert into chat (id, last, state) values ($1, 0, $2)', [id, '{}'])
    sockets.set(id, socket)
    socket.send('open')
  }
  void open()
  socket.on('close', () => sockets.delete(id))
})
server.listen(Number(env.PORT), '127.0.0.1', () => {
  const address = server.address()
  console.log(`listening ${typeof address === 'object' ? address?.port : ''}`)
})
