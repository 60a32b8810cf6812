import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { openConnection } from '../http-connection.ts'
import type { Identity } from '../identity.ts'
import { expectParts, type Peer, type Seat, type Step } from '../peer.ts'
import { spawnPeer } from './spawn-peer.ts'

const replySchema = z.object({ activities: z.array(z.looseObject({ text: z.string().optional() })) })

const fileOf = ({ ppr }: Identity) => `dossier-${ppr}.pdf`

function said(step: Step, identity: Identity): object {
  const attachments = [
    { contentType: 'application/pdf', name: fileOf(identity), contentUrl: 'https://127.0.0.1/a.pdf' },
  ]
  const words: Record<Step, object> = {
    hello: { text: 'Bonjour', value: { name: identity.name, rib: identity.rib } },
    consent: { text: 'Oui' },
    rib: { text: 'Oui' },
    beneficiary: { text: 'Moi-même' },
    motif: { text: 'Oncologie' },
    document: { attachments },
    submit: { text: 'Oui' },
  }
  return words[step]
}

function expected(step: Step, identity: Identity): string[] {
  const { name, rib } = identity
  const replies: Record<Step, string[]> = {
    hello: [name, 'notice'],
    consent: [rib],
    rib: ['Pour qui'],
    beneficiary: ['motif'],
    motif: ['PDF'],
    document: [name, rib, 'Moi-même', 'Oncologie', fileOf(identity), 'Envoyer'],
    submit: ['AES-2026-'],
  }
  return replies[step]
}

async function openSeat(port: number, identity: Identity): Promise<Seat> {
  const connection = await openConnection(port)
  const always = {
    type: 'message',
    channelId: 'directline',
    serviceUrl: 'http://127.0.0.1/',
    from: { id: identity.ppr, name: identity.name },
    recipient: { id: 'bot', name: 'bot' },
    conversation: { id: randomUUID() },
    locale: 'fr-FR',
    deliveryMode: 'expectReplies',
  }
  return {
    async say(step) {
      const activity = { ...always, id: randomUUID(), timestamp: new Date(), ...said(step, identity) }
      const body = JSON.stringify(activity)
      const answer = await connection.ask('POST /api/messages', { 'content-type': 'application/json' }, body)
      const { activities } = replySchema.parse(JSON.parse(answer.body))
      expectParts(step, activities.map(({ text }) => text).join('\n'), expected(step, identity))
    },
    close: connection.close,
  }
}

export const botbuilder: Peer = {
  name: 'botbuilder waterfall, MemoryStorage',
  prepare: async () => ({
    async start() {
      const { port, ...spawned } = await spawnPeer('bench/peers/botbuilder-server.ts')
      return { ...spawned, openSeat: identity => openSeat(port, identity) }
    },
  }),
}
