/*
 * The launcher's styles as text: they go into its shadow tree by script, where a host page's styles do not reach and its
 * content security policy does not object.
 */
export const launcherStyles = [
  // Important here wins over important on the page: the inner tree has the last word.
  `:host { all: initial !important; direction: ltr !important; unicode-bidi: isolate !important; display: block !important; position: fixed !important; inset-block-end: max(16px, env(safe-area-inset-bottom)) !important; inset-inline-end: max(16px, env(safe-area-inset-right)) !important; z-index: 2147483000 !important; font-family: system-ui, sans-serif !important; font-size: 16px !important; line-height: 1.4 !important; color-scheme: light dark !important }`,
  `:host([hidden]) { display: none !important; }`,
  `:host([dir='rtl']) { direction: rtl !important; }`,
  `* { box-sizing: border-box; }`,
  `[hidden] { display: none !important; }`,
  `.opener { display: flex; align-items: center; gap: 10px; min-height: 56px; max-width: calc(100vw - 32px); margin: 0; padding: 10px 20px 10px 16px; border: 2px solid #e3bf76; border-radius: 28px; background: #07402e; color: #fff; font: 600 16px/1.35 system-ui, sans-serif; text-align: start; cursor: pointer; box-shadow: 0 4px 18px rgb(0 0 0 / 28%); -webkit-tap-highlight-color: transparent; }`,
  `:host([dir='rtl']) .opener { padding: 10px 16px 10px 20px; }`,
  `.opener:hover { background: #0b5d43; }`,
  `.opener:focus-visible { outline: 3px solid #07402e; outline-offset: 3px; box-shadow: 0 0 0 3px #fff; }`,
  `.opener svg { flex: none; color: #e3bf76; }`,
  `.badge { min-width: 24px; padding: 1px 7px; border-radius: 12px; background: #e3bf76; color: #1b2a24; font-weight: 700; text-align: center; }`,
  `.panel { position: fixed; inset-block-end: max(16px, env(safe-area-inset-bottom)); inset-inline-end: max(16px, env(safe-area-inset-right)); display: flex; width: min(420px, calc(100vw - 32px)); height: min(720px, calc(100vh - 32px)); height: min(720px, calc(100dvh - 32px)); border-radius: 18px; overflow: hidden; background: #f5f1e8; box-shadow: 0 10px 48px rgb(0 0 0 / 32%); }`,
  `iframe { flex: 1; width: 100%; height: 100%; border: 0; background: transparent; color-scheme: normal; }`,
  // The frame loads meanwhile, but a browser's own page about what went wrong is not to be seen.
  `.covered iframe { visibility: hidden; }`,
  `.cover { position: absolute; inset: 0; display: flex; flex-direction: column; color: #1b2a24; }`,
  `.cover-bar { display: flex; align-items: center; justify-content: space-between; gap: 12px; padding: max(8px, env(safe-area-inset-top)) 12px 8px; border-bottom: 2px solid #e3bf76; background: #07402e; color: #fff; }`,
  `.cover-title { padding-inline-start: 6px; font-weight: 600; }`,
  `.cover-close { display: flex; align-items: center; justify-content: center; flex: none; width: 44px; height: 44px; margin: 0; padding: 0; border: 0; border-radius: 12px; background: transparent; color: inherit; cursor: pointer; }`,
  `.cover-close:focus-visible { outline: 3px solid #fff; outline-offset: -4px; }`,
  `.cover-body { flex: 1; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 16px; padding: 24px; text-align: center; overflow: auto; }`,
  `.cover-message { max-width: 34ch; margin: 0; font-size: 16px; line-height: 1.6; }`,
  `.cover-message.late { animation: appear 0.2s 0.6s both; }`,
  `@keyframes appear { from { opacity: 0; } }`,
  `.cover-retry { min-height: 48px; margin: 0; padding: 8px 24px; border: 0; border-radius: 14px; background: #0b5d43; color: #fff; font: 600 16px/1.35 system-ui, sans-serif; cursor: pointer; }`,
  `.cover-retry:focus-visible { outline: 3px solid #0b5d43; outline-offset: 3px; }`,
  `.edge { position: absolute; width: 1px; height: 1px; opacity: 0; }`,
  `@media (max-width: 560px), (max-height: 520px) { .panel { inset: 0; width: 100%; height: 100%; border-radius: 0; } }`,
  `@media (prefers-color-scheme: dark) { .panel { background: #0f1613; } .cover { color: #e9efe9; } .cover-retry { background: #7fd0ae; color: #0f1613; } .cover-retry:focus-visible { outline-color: #7fd0ae; } }`,
  `@media (forced-colors: active) { .opener, .panel, .cover-close, .cover-retry { border: 2px solid CanvasText; } }`,
]

/** Rules by script, never as text in the page: that is what a strict content security policy allows. */
export function addStyles(root: ShadowRoot, rules: readonly string[]): void {
  if ('adoptedStyleSheets' in root && 'replaceSync' in CSSStyleSheet.prototype) {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(rules.join('\n'))
    root.adoptedStyleSheets = [sheet]
    return
  }
  // Safari before 16.4.
  const style = document.createElement('style')
  root.append(style)
  for (const rule of rules) style.sheet?.insertRule(rule, style.sheet.cssRules.length)
}
