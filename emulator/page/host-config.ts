export type Theme = 'light' | 'dark'

type Colors = Readonly<Record<string, { readonly default: string; readonly subtle: string }>>

interface Palette {
  readonly text: Colors
  /** Backgrounds and borders by container style. */
  readonly surfaces: Readonly<Record<string, { readonly back: string; readonly border: string }>>
}

const color = (rgb: string, subtle = `#bf${rgb}`): Colors[string] => ({ default: `#ff${rgb}`, subtle })

const palettes: Readonly<Record<Theme, Palette>> = {
  light: {
    text: {
      default: color('252424'),
      dark: color('252424'),
      light: color('ffffff', '#fff3f2f1'),
      accent: color('6264a7', '#ff8b8cc7'),
      good: color('92c353', '#e592c353'),
      warning: color('f8d22a', '#e5f8d22a'),
      attention: color('c4314b', '#e5c4314b'),
    },
    surfaces: {
      default: { back: '#ffffff', border: '#cccccc' },
      emphasis: { back: '#f9f8f7', border: '#666666' },
      accent: { back: '#c7def9', border: '#62a8f7' },
      good: { back: '#ccffcc', border: '#69ff69' },
      attention: { back: '#ffc5b2', border: '#ff764c' },
      warning: { back: '#ffe2b2', border: '#ffbc51' },
    },
  },
  dark: {
    text: {
      default: color('ffffff'),
      dark: color('201f1f', '#ff2d2c2c'),
      light: color('ffffff'),
      accent: color('a6a7dc', '#ff8b8cc7'),
      good: color('92c353', '#e592c353'),
      warning: color('f8d22a', '#e5f8d22a'),
      attention: color('d74654', '#e5d74654'),
    },
    surfaces: {
      default: { back: '#2d2c2c', border: '#4b4b4b' },
      emphasis: { back: '#292828', border: '#666666' },
      accent: { back: '#1f3d66', border: '#62a8f7' },
      good: { back: '#1e4620', border: '#69ff69' },
      attention: { back: '#5c2018', border: '#ff764c' },
      warning: { back: '#5c4310', border: '#ffbc51' },
    },
  },
}

const font = (fontFamily: string): Record<string, unknown> => ({
  fontFamily,
  fontSizes: { small: 12, default: 14, medium: 14, large: 18, extraLarge: 24 },
  fontWeights: { lighter: 200, default: 400, bolder: 600 },
})

/**
 * How Teams draws Adaptive Cards on a desktop, for `new HostConfig(…)` of Microsoft's renderer: its spacing, sizes, colours
 * and limits. Medium text is no larger than default text there, and at most six actions are shown.
 */
export function teamsHostConfig(theme: Theme): Record<string, unknown> {
  const { text, surfaces } = palettes[theme]
  const containerStyles = Object.fromEntries(
    Object.entries(surfaces).map(([style, { back, border }]) => [
      style,
      { backgroundColor: back, borderColor: border, foregroundColors: text },
    ]),
  )
  return {
    choiceSetInputValueSeparator: ',',
    supportsInteractivity: true,
    spacing: { small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 16 },
    separator: { lineThickness: 1, lineColor: theme === 'light' ? '#eeeeee' : '#ff3d3d3d' },
    imageSizes: { small: 32, medium: 52, large: 100 },
    fontTypes: {
      default: font("'Segoe UI', Tahoma, Geneva, Verdana, 'Noto Sans Arabic', sans-serif"),
      monospace: font("'Courier New', Courier, monospace"),
    },
    textStyles: {
      heading: { fontType: 'default', size: 'large', weight: 'bolder', color: 'default', isSubtle: false },
    },
    textBlock: { headingLevel: 2 },
    containerStyles,
    actions: {
      maxActions: 6,
      spacing: 'default',
      buttonSpacing: 8,
      showCard: { actionMode: 'inline', inlineTopMargin: 16, style: 'emphasis' },
      preExpandSingleShowCardAction: false,
      actionsOrientation: 'horizontal',
      actionAlignment: 'left',
    },
    adaptiveCard: { allowCustomStyle: false },
    imageSet: { imageSize: 'medium', maxImageHeight: 100 },
    factSet: {
      title: { size: 'default', color: 'default', isSubtle: false, weight: 'bolder', wrap: true },
      value: { size: 'default', color: 'default', isSubtle: false, weight: 'default', wrap: true },
      spacing: 16,
    },
  }
}
