const paths = {
  menu: 'M4 7h16M4 12h16M4 17h16',
  minimise: 'M6 9l6 6 6-6',
  send: 'M5 12h13M12.5 6l6 6-6 6',
  clip: 'M20 11.5l-8 8a5 5 0 01-7-7l8.5-8.5a3.4 3.4 0 014.8 4.8L9.8 17.3a1.7 1.7 0 01-2.4-2.4l7.6-7.6',
  document: 'M7 3h7l5 5v13H7zM14 3v5h5M10 13h6M10 17h6',
  close: 'M6 6l12 12M18 6L6 18',
  down: 'M12 5v13M6 12.5l6 6 6-6',
} as const

export type IconName = keyof typeof paths

/** A line drawing, hidden from screen readers: the button around it has the name. */
export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg className={`icon icon--${name}`} viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
    <path
      d={paths[name]}
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  </svg>
)

/** The eight-pointed star of Moroccan tile work, made of two squares. */
export const Star = () => (
  <svg className="star" viewBox="0 0 48 48" width="40" height="40" aria-hidden="true" focusable="false">
    <path
      d="M10 10h28v28H10z M24 4.2L43.8 24 24 43.8 4.2 24z"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinejoin="round"
    />
    <circle cx="24" cy="24" r="5.5" fill="currentColor" />
  </svg>
)
