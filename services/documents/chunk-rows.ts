import { AppError } from '../errors.ts'
import type { Queryable } from '../storage/database.ts'
import { pieceRow } from './document-row.ts'

/**
 * Bytes of a chunk in one row: they come as text, and a text of more than 128 KiB is kept apart from others in the heap,
 * where it costs everybody the collector's time. In base64, which is two thirds of what PostgreSQL writes of bytes, and
 * read three times as fast.
 */
const PIECE_BYTES = 48 * 1024
const selectPieces = `
select encode(substr(sealed, 1 + piece * ${PIECE_BYTES}, ${PIECE_BYTES}), 'base64') as base64
from document_chunk, generate_series(0, (octet_length(sealed) - 1) / ${PIECE_BYTES}) as piece
where document_id = $1 and number = $2 order by piece`

/** @throws {AppError} `sealed.broken` when there is no such chunk */
export async function loadChunk(database: Queryable, id: string, number: number): Promise<Uint8Array> {
  const { rows } = await database.query(selectPieces, [id, number])
  if (!rows[0]) throw new AppError('sealed.broken', `chunk ${number} of a document is missing`)
  return Buffer.concat(rows.map(row => pieceRow.parse(row)))
}
