/** Icons, drawn on 16 by 16. Each stands beside its word. */
import type { JSX } from "preact";

const shapes = {
  done: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="m5.3 8.2 1.9 1.9 3.6-4" />
    </>
  ),
  halfDone: (
    <>
      <circle cx="8" cy="8" r="6.2" stroke-dasharray="2.6 2.2" />
      <path d="m5.3 8.2 1.9 1.9" />
    </>
  ),
  running: (
    <>
      <circle cx="8" cy="8" r="6.2" opacity=".35" />
      <path d="M8 1.8a6.2 6.2 0 0 1 6.2 6.2" />
      <circle cx="8" cy="8" r="1.6" fill="currentColor" stroke="none" />
    </>
  ),
  halfDisc: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="M8 1.8v12.4a6.2 6.2 0 0 0 0-12.4" fill="currentColor" />
    </>
  ),
  octagon: (
    <>
      <path d="M5.4 1.8h5.2l3.6 3.6v5.2l-3.6 3.6H5.4l-3.6-3.6V5.4z" />
      <path d="M8 4.8v3.7M8 11v.1" />
    </>
  ),
  clock: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="M8 4.6V8l2.3 1.6" />
    </>
  ),
  unplugged: (
    <path d="M2 14l3-3M11 5l3-3M5.2 6.6l4.2 4.2-1.3 1.3a3 3 0 0 1-4.2-4.2zM7.4 4.4l1.2-1.2a3 3 0 0 1 4.2 4.2l-1.2 1.2" />
  ),
  bolt: <path d="M9 1.8 3.6 9H8l-1 5.2L12.4 7H8z" />,
  equals: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="M5.4 6.6h5.2M5.4 9.4h5.2" />
    </>
  ),
  slashed: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="m3.8 3.8 8.4 8.4" />
    </>
  ),
  back: <path d="M2.6 8a5.4 5.4 0 1 0 1.7-3.9L2.4 6M2.4 2.4V6H6" />,
  diamond: <path d="M8 1.8 14.2 8 8 14.2 1.8 8z" fill="currentColor" />,
  square: <rect x="2.8" y="2.8" width="10.4" height="10.4" rx="1.5" />,
  dots: (
    <>
      <circle cx="3.2" cy="8" r="1" fill="currentColor" />
      <circle cx="8" cy="8" r="1" fill="currentColor" />
      <circle cx="12.8" cy="8" r="1" fill="currentColor" />
    </>
  ),
  down: <path d="M8 2.2v11M3.6 9 8 13.4 12.4 9" />,
  swap: <path d="M2 5.4h11M10.2 2.6 13 5.4l-2.8 2.8M14 10.6H3M5.8 7.8 3 10.6l2.8 2.8" />,
  flag: <path d="M4 14.4V2M4 2.8h8l-2 2.8 2 2.8H4" />,
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8.5" rx="1.5" />
      <path d="M3.5 10.5H3A1.5 1.5 0 0 1 1.5 9V3A1.5 1.5 0 0 1 3 1.5h5A1.5 1.5 0 0 1 9.5 3v.4" />
    </>
  ),
  elsewhere: (
    <path d="M6 3H3.5A1.5 1.5 0 0 0 2 4.5v8A1.5 1.5 0 0 0 3.5 14h8a1.5 1.5 0 0 0 1.5-1.5V10M9.5 2H14v4.5M14 2 7.5 8.5" />
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.6" />
      <path d="m10.5 10.5 3.5 3.5" />
    </>
  ),
  menu: <path d="M2 4.5h12M2 8h12M2 11.5h12" />,
  cross: <path d="m3.5 3.5 9 9M12.5 3.5l-9 9" />,
} satisfies Readonly<Record<string, JSX.Element>>;

export type IconName = keyof typeof shapes;

export const Icon = ({ name }: { readonly name: IconName }): JSX.Element => (
  <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    {shapes[name]}
  </svg>
);
