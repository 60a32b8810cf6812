import { z } from 'zod'

/** What operators watch, and who may. */
export const operationsEnvironment = z.object({
  /** Hexadecimal or base64, so that it fits into a header. */
  METRICS_TOKEN: z
    .string()
    .regex(/^[\w+/=.~-]+$/)
    .min(32)
    .optional(),
  CLAMD_URL: z.url({ protocol: /^tcp$/ }).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
})

export interface OperationsSettings {
  readonly metricsToken: string | undefined
  /** ClamAV's daemon; undefined: no antivirus. */
  readonly clamdUrl: string | undefined
  /** Where traces go, by OTLP over HTTP; undefined: nowhere. */
  readonly otlpEndpoint: string | undefined
}

export function operationsSettings(env: z.infer<typeof operationsEnvironment>): OperationsSettings {
  return {
    metricsToken: env.METRICS_TOKEN,
    clamdUrl: env.CLAMD_URL,
    otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
  }
}
