/** Colours and layout of the page, in light, in dark and on paper. */

/**
 * Told apart with any colour vision: roles from Okabe and Ito's palette, zones from Paul Tol's "muted"
 * scheme, ordered so that neighbours differ in lightness. Dark pages get lighter shades of the same hues.
 */
const light = {
  paper: "#ffffff",
  ink: "#1b1f24",
  faint: "#5a626c",
  line: "#d9dde2",
  wash: "#f3f5f7",
  ours: "#0072b2",
  "ours-wash": "#e3f0f8",
  "ours-pale": "#8cc0dd",
  other: "#7a828c",
  "other-pale": "#c3c7cb",
  optimum: "#00795a",
  loss: "#d03b00",
  "on-demand": "#9aa1a9",
  up: "#0072b2",
  z0: "#332288",
  z1: "#88ccee",
  z2: "#117733",
  z3: "#ddcc77",
  z4: "#882255",
  z5: "#44aa99",
  z6: "#aa4499",
  z7: "#999933",
  z8: "#cc6677",
} as const;

type Colour = keyof typeof light;

const dark: Readonly<Record<Colour, string>> = {
  ...light,
  paper: "#14171b",
  ink: "#e6e9ec",
  faint: "#a3abb4",
  line: "#333a42",
  wash: "#1d2227",
  ours: "#56b4e9",
  "ours-wash": "#17303f",
  "ours-pale": "#325d77",
  other: "#8d969f",
  "other-pale": "#4a5056",
  optimum: "#2fc79b",
  loss: "#ff7a45",
  "on-demand": "#7b838c",
  up: "#56b4e9",
  z0: "#7466d6",
  z2: "#2f9e56",
  z4: "#a5336e",
  z6: "#d487c9",
};

/** How many zones have a colour of their own; further ones begin again. */
const zoneColours = 9;

export const zoneColour = (zone: number): string => `var(--z${String(zone % zoneColours)})`;

const variables = (colours: Readonly<Record<Colour, string>>): string =>
  Object.entries(colours)
    .map(([name, value]) => `--${name}:${value}`)
    .join(";");

const pageRules = `
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:1000px;margin:0 auto;padding:32px 20px 64px}
h1{font-size:26px;line-height:1.25;margin:0 0 12px}
h2{font-size:20px;margin:40px 0 8px}
h3{font-size:16px;margin:28px 0 4px}
p{margin:6px 0;max-width:56em}
code{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
pre{margin:12px 0;padding:10px 14px;background:var(--wash);border-radius:6px;white-space:pre-wrap}
.note{color:var(--faint);font-size:14px}
figure{margin:8px 0 20px}
figcaption{color:var(--faint);font-size:14px;max-width:60em}
figcaption strong{color:var(--ink)}
details{border-top:1px solid var(--line);margin-top:28px}
summary{cursor:pointer;padding:14px 0;line-height:1.35}
summary h2{display:inline;font-size:20px;margin:0}
summary .note{margin-left:.6em}
a{color:var(--ours)}
`;

const tableRules = `
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:13.5px;font-variant-numeric:tabular-nums;margin:10px 0;width:100%}
caption{text-align:left;color:var(--faint);font-size:14px;padding:4px 0 8px}
th,td{padding:5px 8px;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
thead th{vertical-align:bottom;white-space:normal;font-weight:600;border-bottom:2px solid var(--line)}
th:first-child,th.text,td.text{text-align:left}
tbody th{font-weight:400}
@media screen and (max-width:800px){table{font-size:12px}th,td{padding:4px 2px}}
tr.is-ours>*{background:var(--ours-wash);font-weight:600}
`;

/** Colours are in the drawings, as variables. */
const chartRules = `
svg{display:block;margin-top:8px;width:100%;max-width:960px;height:auto;font-family:inherit;font-size:13px}
svg+svg{margin-top:0}
`;

const paperRules = `
@media print{
main{max-width:none;padding:0}
figure,tr{break-inside:avoid}
h2,h3{break-after:avoid}
pre,tr.is-ours>*,svg *{print-color-adjust:exact;-webkit-print-color-adjust:exact}
details::details-content{content-visibility:visible;block-size:auto}
}`;

export const styleSheet = [
  `:root{color-scheme:light dark;${variables(light)}}`,
  `@media screen and (prefers-color-scheme:dark){:root{${variables(dark)}}}`,
  pageRules.trim(),
  tableRules.trim(),
  chartRules.trim(),
  paperRules.trim(),
].join("\n");
