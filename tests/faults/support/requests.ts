import { z } from 'zod'
import type { Standing } from '../../support/direct-line-member.ts'
import { pagedPdf } from '../../support/pdfs.ts'
import type { Random } from './random.ts'

/** Stands in every file that is sent: where it is found on a disk, a plain file was left there. */
export const PLAIN_MARK = 'CANARY-OF-A-PLAIN-FILE'

/** What a member will answer in one request. */
export interface Plan {
  readonly beneficiary: 'member' | 'spouse' | 'child'
  readonly motif: 'oncology' | 'extraCosts' | 'unreimbursed'
  readonly file: { readonly name: string; readonly bytes: Buffer }
}

/**
 * @param relatives the kinds of relatives that the member has on file
 * @param largest bytes of the largest file
 */
export function planRequest(random: Random, relatives: readonly Plan['beneficiary'][], largest = 1_500_000): Plan {
  const image = Buffer.concat([Buffer.from(PLAIN_MARK), random.bytes(10_000 + random.below(largest))])
  return {
    beneficiary: random.pick(['member', ...relatives]),
    motif: random.pick(['oncology', 'extraCosts', 'unreimbursed']),
    file: {
      name: `dossier ${random.below(1_000_000)}.pdf`,
      bytes: pagedPdf(1, { more: [{ dictionary: '/Type /XObject /Subtype /Image', stream: image }] }),
    },
  }
}

const answerSchema = z.object({ choice: z.string() })

/** The activity that answers the question which stands in the chat, as the widget would send it. */
export function answerTo({ step, buttons }: Standing, plan: Plan): object {
  if (step === null) return { type: 'message', value: { v: 1, command: 'request' } }
  if (step === 'document') return { type: 'message', attachments: [attachmentOf(plan)] }
  const values = buttons.map(({ value }) => value)
  const wanted = wantedAt(step, plan)
  const value = values.find(one => {
    const answer = answerSchema.safeParse(one)
    return answer.success && (wanted === undefined || answer.data.choice === wanted)
  })
  if (value === undefined) throw new Error(`no button for ${step}: ${JSON.stringify(values)}`)
  return { type: 'message', value }
}

function wantedAt(step: string, plan: Plan): string | undefined {
  const wanted: Record<string, string> = { consent: 'accept', rib: 'confirm', review: 'submit' }
  return { ...wanted, beneficiary: plan.beneficiary, motif: plan.motif }[step]
}

function attachmentOf({ file }: Plan): object {
  const contentUrl = URL.createObjectURL(new Blob([new Uint8Array(file.bytes)]))
  return { contentType: 'application/pdf', name: file.name, contentUrl }
}
