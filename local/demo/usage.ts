/** What `npm run demo -- --help` prints, and what each mode of it prints. */

/** A sentence of the list of modes, and what more its own help says. */
interface ModeText {
  /** Lines of the list, without indentation. */
  readonly lines: readonly string[];
  readonly more: readonly string[];
}

const modeTexts = {
  linear: {
    lines: ["one EC2 instance moved from On-Demand to Spot, step by step"],
    more: [
      "Nine stories: three switches, one that stays, one that is refused, shadow mode, a replacement that breaks and is",
      "rolled back, and two ways back to On-Demand.",
    ],
  },
  cluster: {
    lines: ["an Auto Scaling group moved from On-Demand to Spot in batches, step by step"],
    more: [
      "Five stories of six members behind a load balancer: converted in batches of two while a scaling policy changes the",
      "desired capacity; a scale-out in between; a pair that fails and is undone alone; a move to better pools; the way back",
      "where Spot has become dear. With a ledger of capacity and a chart of it.",
    ],
  },
  kubernetes: {
    lines: [
      "a node of an EKS cluster replaced by a Spot node: its pods leave as their budgets allow",
    ],
    more: [
      "Three stories: replaced pod by pod, held back by a budget that blocks, and out of reach.",
    ],
  },
  fleet: {
    lines: [
      "300 mixed instances, three groups and a cluster: judged before anything is registered, registered in",
      "shadow mode, swept, and a part of it switched",
    ],
    more: [],
  },
  interruption: {
    lines: [
      "EC2 takes back what switches have brought: what serves in the two minutes of its notice and after",
    ],
    more: [
      "An instance, a member of a group and a node, each counted down from the two minutes of its notice.",
    ],
  },
  governance: {
    lines: [
      "waste with what it costs, the consent of persons by the hash of what they saw, a deletion with its",
      "snapshot; and an instance that nobody owns, from its flag through a day of grace",
    ],
    more: [],
  },
  month: {
    lines: [
      "a month of three instances that are switched, taken back and brought back: the ledger from gross to net,",
      "what its owner was told, and an alarm with its entry in the runbook",
    ],
    more: ["A minute or two."],
  },
} as const satisfies Readonly<Record<string, ModeText>>;

export type DemoMode = keyof typeof modeTexts;

export const demoModes = Object.keys(modeTexts) as readonly DemoMode[];

const labelWidth = 16;

const listed = (mode: DemoMode): string =>
  modeTexts[mode].lines
    .map((line, index) => (index === 0 ? `  ${mode}` : "").padEnd(labelWidth) + line)
    .join("\n");

const marketOption = `  --market DIR  take prices, bands and types from the recorded files in DIR (default: the made-up market of the seed);
                markets/made-1 ships with the product`;

const optionLines = (
  market: string,
): string => `  --seed N      whole number from 0 to 4294967295 (default 1): another market, or another recorded instant
${market}  --json        print one JSON document instead of the text; progress goes to stderr
  --stable      with --json: ids, addresses and instants replaced by their order of appearance, to compare two runs
  --help        print this`;

const exitCodes =
  "Exit code: 0 all stories ended as they must, 1 one did not, 2 wrong usage or unreadable files.";

export const demoUsage = `Usage: npm run demo [-- [${demoModes.join("|")}] [options]]

Shows the product at work on a simulated AWS, in virtual time. Nothing reaches a real account.

${demoModes.map(listed).join("\n")}
  without one   the stories of linear, cluster and kubernetes, in short

${optionLines(`${marketOption} (linear)\n`)}

Example: npm run demo -- linear --market markets/made-1

${exitCodes}
`;

const usageOf = (mode: DemoMode): string => {
  const { lines, more }: ModeText = modeTexts[mode];
  return `Usage: npm run demo -- ${mode} [options]

${lines.join("\n").replace(/^./, (letter) => letter.toUpperCase())}.
${more.map((line) => `${line}\n`).join("")}It runs on a simulated AWS, in virtual time.

${optionLines(mode === "linear" ? `${marketOption}\n` : "")}

Example: npm run demo -- ${mode} --seed 7

${exitCodes}
`;
};

/** By mode: what `npm run demo -- MODE --help` prints. */
export const demoUsages: Readonly<Record<string, string>> = Object.fromEntries(
  demoModes.map((mode) => [mode, usageOf(mode)]),
);
