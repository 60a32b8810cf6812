/**
 * The body of an answer, unless it is longer than `bytes`: what is announced is not asked for, and what comes beyond is
 * not waited for.
 * @throws {Error} what the connection breaks with
 */
export async function textWithin(response: Response, bytes: number): Promise<string | undefined> {
  const { body } = response
  if (!body) return ''
  if (Number(response.headers.get('content-length') ?? 0) > bytes) {
    await body.cancel()
    return undefined
  }
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of body) {
    size += piece.length
    // Leaving the loop cancels the rest.
    if (size > bytes) return undefined
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}
