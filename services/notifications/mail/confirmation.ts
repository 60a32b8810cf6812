import type { GraphRefusal } from '../../directory/graph-answer.ts'
import type { PersonResult } from '../../directory/person.ts'
import { postponed, type Attempt, type Outcome } from '../notification.ts'
import type { NotificationStore } from '../notification-store.ts'
import type { Notify } from '../notifications.ts'
import type { SubmittedDossier } from '../submitted-dossier.ts'
import type { WriteLetter } from './letter.ts'
import type { Mailbox, StoredMail } from './mailbox.ts'

interface Deps {
  readonly mailbox: Mailbox
  readonly store: NotificationStore
  readonly write: WriteLetter
  /** Who the member is in the foundation's directory. */
  readonly personOf: (member: { readonly id: string; readonly ppr: string }) => Promise<PersonResult>
}

type Recipient = { readonly ok: true; readonly address: string } | { readonly ok: false; readonly outcome: Outcome }

/**
 * A draft is made, its id is kept, and then it is sent: sending the same draft again sends nothing, so that however often
 * a try breaks off, one mail leaves. `sendMail` in one step would leave us to guess after each answer that is lost.
 */
export function createConfirmation({ mailbox, store, write, personOf }: Deps): Notify {
  async function recipient({ memberId: id, ppr }: SubmittedDossier): Promise<Recipient> {
    const person = await personOf({ id, ppr })
    if (person.found) {
      if (!person.enabled || person.guest) return skipped('account-not-in-use')
      return person.mail === undefined ? skipped('no-address') : { ok: true, address: person.mail }
    }
    if (person.reason === 'unknown') return skipped('not-in-the-directory')
    const outcome = { state: 'pending', reason: 'directory-unavailable', cause: 'unavailable' } as const
    return { ok: false, outcome }
  }

  async function firstDraft(
    dossier: SubmittedDossier,
    attempt: Attempt,
    to: string,
  ): Promise<StoredMail | GraphRefusal> {
    const { dossierId, number } = attempt
    // Made by an earlier try that could not keep its id.
    const about = number > 1 ? await mailbox.findAbout(dossierId) : undefined
    if (about && !about.ok) return about
    const [found, ...others] = (about?.value ?? []).toSorted((a, b) => Number(a.isDraft) - Number(b.isDraft))
    for (const { id, isDraft } of others) if (isDraft) await mailbox.discard(id)
    if (found) return found
    const made = await mailbox.draft(dossierId, to, write(dossier))
    return made.ok ? made.value : made
  }

  async function send(id: string): Promise<Outcome> {
    const mail = await mailbox.find(id)
    if (!mail.ok) return postponed(mail)
    // Gone from the mailbox after it was ours: sent and removed, which is more likely than never sent.
    if (!mail.value) return { state: 'done', externalId: id, reason: 'unconfirmed' }
    if (!mail.value.isDraft) return { state: 'done', externalId: id }
    const sent = await mailbox.send(id)
    return sent.ok ? { state: 'done', externalId: id } : postponed(sent)
  }

  return async function confirm(dossier, attempt) {
    if (attempt.externalId !== undefined) return await send(attempt.externalId)
    const to = await recipient(dossier)
    if (!to.ok) return to.outcome
    const draft = await firstDraft(dossier, attempt, to.address)
    if ('ok' in draft) return postponed(draft)
    const kept = await store.keepExternalId(attempt, draft.id)
    if (kept !== draft.id) await mailbox.discard(draft.id)
    return await send(kept)
  }
}

function skipped(reason: string): Recipient {
  return { ok: false, outcome: { state: 'skipped', reason } }
}
