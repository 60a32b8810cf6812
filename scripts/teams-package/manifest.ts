import { teamsAppWords, type TeamsAppWords } from '../../locales/teams-app-words.ts'

export interface AppSettings {
  readonly appId: string
  /** https, since Teams frames nothing else. */
  readonly publicUrl: string
  readonly portalUrl: string
  readonly privacyUrl: string
  readonly termsUrl: string
  /** `1.2.3`: higher with each upload. */
  readonly version: string
}

/** Old enough for every client and admin centre in use; nothing that the app needs came later. */
export const SCHEMA_VERSION = '1.22'
const schemas = `https://developer.microsoft.com/json-schemas/teams/v${SCHEMA_VERSION}`

/** In French, the language of the default; Teams replaces what the files of the other languages name. */
export function createManifest(settings: AppSettings): object {
  const words = teamsAppWords('fr')
  return {
    $schema: `${schemas}/MicrosoftTeams.schema.json`,
    manifestVersion: SCHEMA_VERSION,
    version: settings.version,
    id: settings.appId,
    developer: {
      name: 'FOSMEF',
      websiteUrl: settings.portalUrl,
      privacyUrl: settings.privacyUrl,
      termsOfUseUrl: settings.termsUrl,
    },
    name: { short: words.short, full: words.full },
    description: { short: words.summary, full: words.description },
    icons: { color: 'color.png', outline: 'outline.png' },
    accentColor: '#0B5D43',
    localizationInfo: {
      defaultLanguageTag: 'fr',
      defaultLanguageFile: 'fr.json',
      additionalLanguages: [{ languageTag: 'ar', file: 'ar.json' }],
    },
    bots: [
      {
        botId: settings.appId,
        scopes: ['personal'],
        supportsFiles: true,
        isNotificationOnly: false,
        commandLists: [{ scopes: ['personal'], commands: words.commands }],
      },
    ],
    staticTabs: tabs(settings, words),
    permissions: ['identity', 'messageTeamMembers'],
    validDomains: [new URL(settings.publicUrl).host],
  }
}

/** The chat itself stands first and needs no tab of ours; `{locale}` is filled in by Teams. */
function tabs({ publicUrl }: AppSettings, { tab }: TeamsAppWords): object[] {
  return [
    { entityId: 'conversations', scopes: ['personal'] },
    {
      entityId: 'web-chat',
      name: tab.name,
      contentUrl: `${publicUrl}/teams/tab?lang={locale}`,
      websiteUrl: publicUrl,
      scopes: ['personal'],
    },
    { entityId: 'about', scopes: ['personal'] },
  ]
}

/** A language's file, by the places that it fills in the manifest. */
export function createLocalization(language: 'fr' | 'ar'): Readonly<Record<string, string>> {
  const words = teamsAppWords(language)
  const commands = words.commands.flatMap(({ title, description }, index) => {
    const place = `bots[0].commandLists[0].commands[${index}]`
    return [
      [`${place}.title`, title],
      [`${place}.description`, description],
    ]
  })
  return {
    $schema: `${schemas}/MicrosoftTeams.Localization.schema.json`,
    'name.short': words.short,
    'name.full': words.full,
    'description.short': words.summary,
    'description.full': words.description,
    'staticTabs[1].name': words.tab.name,
    ...Object.fromEntries(commands),
  }
}
