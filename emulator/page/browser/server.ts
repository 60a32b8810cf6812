import type { PageView } from '../view.ts'

export interface Choices {
  readonly people: readonly { readonly id: string; readonly name: string; readonly employeeId?: string }[]
  readonly callFaults: readonly string[]
  readonly deliveryFaults: readonly string[]
  readonly unasked: readonly string[]
  readonly graphFaults: readonly string[]
  readonly fileFaults: readonly string[]
}

async function post(path: string, body: BodyInit, type = 'application/json'): Promise<Response> {
  return await fetch(path, { method: 'POST', headers: { 'Content-Type': type }, body })
}

export const readChoices = async (): Promise<Choices> => (await (await fetch('/api/choices')).json()) as Choices

export async function act(person: string, action: Readonly<Record<string, unknown>>): Promise<void> {
  await post(`/api/people/${person}/actions`, JSON.stringify(action))
}

export async function sendFile(person: string, file: File, fault: string): Promise<void> {
  const query = new URLSearchParams({ name: file.name, fault })
  await post(`/api/people/${person}/files?${query.toString()}`, file, 'application/octet-stream')
}

export async function plan(fault: Readonly<Record<string, unknown>>): Promise<void> {
  await post('/api/faults', JSON.stringify(fault))
}

export async function attack(person: string): Promise<{ tried: number; accepted: string[] }> {
  return (await (await post(`/api/people/${person}/attack`, '{}')).json()) as { tried: number; accepted: string[] }
}

/** @returns stops listening */
export function listen(person: string, onView: (view: PageView) => void): () => void {
  const source = new EventSource(`/api/people/${person}/stream`)
  source.addEventListener('message', ({ data }) => onView(JSON.parse(String(data)) as PageView))
  return () => source.close()
}
