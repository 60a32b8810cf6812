import dialogs from '../../../locales/fr/dialogs.json' with { type: 'json' }

const { serviceDown, timeout, generic } = dialogs.error
const beginnings = [serviceDown, timeout, generic.split('{{')[0] ?? generic]

/** Whether the assistant says that something broke. Members in these tests are served in French. */
export const isApology = (text = ''): boolean => beginnings.some(beginning => text.startsWith(beginning))
