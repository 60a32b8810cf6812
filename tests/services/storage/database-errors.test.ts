import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DatabaseError } from '../../../services/errors.ts'
import { toAppError } from '../../../services/storage/database-errors.ts'

const systemError = (code: string): Error => Object.assign(new Error(`write ${code}`), { code })
const serverError = (code: string): Error => Object.assign(new Error('no'), { code, severity: 'ERROR' })

describe('an operator wants a lost connection told from a refused statement', () => {
  it('takes no code of the system for a SQLSTATE, not even one of five letters', () => {
    for (const code of ['EPIPE', 'EBUSY', 'EPERM', 'ECONNREFUSED', 'ETIMEDOUT']) {
      const error = toAppError(systemError(code))
      assert.equal(error.code, 'database.unreachable')
      assert.ok(!(error instanceof DatabaseError))
    }
  })

  it('takes a server that starts, stops or is full for one that cannot be reached', () => {
    for (const code of ['57P01', '57P02', '57P03', '08006', '53300']) {
      assert.equal(toAppError(serverError(code)).code, 'database.unreachable')
    }
  })

  it('keeps the SQLSTATE of everything else', () => {
    for (const code of ['23505', '40001', 'P0001', 'XX000']) {
      const error = toAppError(serverError(code))
      assert.ok(error instanceof DatabaseError)
      assert.equal(error.sqlState, code)
    }
  })
})
