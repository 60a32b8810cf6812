import type { Cloud } from '../bot/microsoft-cloud.ts'
import type { Config } from '../config.ts'
import type { Log } from '../services/log.ts'
import type { Base } from './base.ts'
import type { Bot } from './assistant.ts'

/** What the outer parts are made of. */
export interface Parts {
  readonly config: Config
  readonly publicUrl: string
  readonly base: Base
  readonly bot: Bot
  readonly cloud: Cloud
  readonly log: Log
}
