export const languages = ['fr', 'ar'] as const
export type Language = (typeof languages)[number]
