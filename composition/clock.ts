import { randomUUID } from 'node:crypto'

export const now = (): Date => new Date()
export const newId = (): string => randomUUID()
