import { z } from 'zod'
import type { SubmittedDossier } from '../submitted-dossier.ts'

export const driveItem = z.object({
  id: z.string().min(1),
  size: z.number(),
  file: z.object({ hashes: z.object({ quickXorHash: z.string().optional() }).optional() }).optional(),
})
export type DriveItem = z.infer<typeof driveItem>

/** Of the PDF as it is sealed here. */
export interface Fingerprint {
  readonly size: number
  readonly quickXorHash: string
}

/** SharePoint may take a moment to have its hash: the size is then all that can be compared. */
export function isSame(item: DriveItem, { size, quickXorHash }: Fingerprint): boolean {
  const hash = item.file?.hashes?.quickXorHash
  return item.size === size && (hash === undefined || hash === quickXorHash)
}

/** One file a dossier, by its number: a second archive of it replaces the first. */
export function itemPath(
  { driveId, folder }: { driveId: string; folder: string },
  { number }: SubmittedDossier,
): string {
  const parts = [...folder.split('/').filter(Boolean), `${number}.pdf`]
  return `/drives/${encodeURIComponent(driveId)}/root:/${parts.map(encodeURIComponent).join('/')}`
}

export const itemFields = 'id,size,file'
