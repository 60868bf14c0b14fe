/** `npm run remove` as a function: arguments in, lines out, exit code. */
import * as z from "zod";
import { addressOf } from "../cli/api/address.ts";
import { createApi } from "../cli/api/client.ts";
import { exits } from "../cli/exit-codes.ts";
import { Failure } from "../cli/failure.ts";
import { printable } from "../cli/printable.ts";
import type { Surroundings } from "../cli/surroundings.ts";
import { defineCommandLine, runCommand } from "../terminal/command-line.ts";
import { table, type Column } from "../terminal/table.ts";
import { refuse, type ExitCode, type Terminal } from "../terminal/terminal.ts";
import { readObstacles, type Obstacle } from "./removal.ts";

const usage = `Usage: npm run remove -- [options]

Looks whether the product may be removed, and changes nothing. In the way are accounts that have not left, with what
stands in each: originals that are stopped, images and volumes that are kept, open reservations, what a Recycle Bin
still holds; and evaluations that run or need a person. Where nothing is in the way it says what removes the stack.

  --url URL       of the control API, the output ApiUrl of the stack (default: SPOT_URL, else that of npm start)
  --profile NAME  of the AWS configuration, to sign with (default: as the AWS CLI finds it)
  --region NAME   of the API (default: as its address tells it, else that of the profile)
  --stage NAME    of the stack (default: prod)
  --help          print this

Example: npm run remove -- --url https://abc123.execute-api.eu-central-1.amazonaws.com/live --stage prod

Exit code: 0 nothing is in the way, 1 something is, or could not be read, 2 wrong usage.
`;

const commandLine = defineCommandLine({
  command: "npm run remove --",
  usage,
  schema: z.object({
    url: z.string().optional(),
    profile: z.string().optional(),
    region: z.string().optional(),
    stage: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,15}$/, "must be a short lower-case name such as prod")
      .default("prod"),
  }),
});
type Options = z.output<typeof commandLine.schema>;

const columns: readonly Column<Obstacle>[] = [
  { heading: "Account", cell: ({ accountId }) => accountId },
  { heading: "Region", cell: ({ region }) => region },
  { heading: "What", cell: ({ what }) => printable(what) },
  { heading: "Id", cell: ({ id }) => printable(id) },
  { heading: "", cell: ({ sentence }) => printable(sentence) },
];

const inTheWay = (obstacles: readonly Obstacle[]): readonly string[] => [
  "The product can't be removed yet. In the way:",
  "",
  ...table(obstacles, columns),
  "",
  "Next: let each account leave, as docs/operations.md says (An account that leaves). Its owner decides on what is kept.",
];

const nothingInTheWay = (stage: string): readonly string[] => [
  "Nothing is in the way: no account is connected, and no evaluation is open. Next:",
  "",
  `  aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name SpotOptimizer-${stage}`,
  `  npm run bundle && STAGE=${stage} npx cdk destroy`,
  "",
  "With STATE_TABLE as in the last deployment, if that had one. The state table stays, with its deletion protection, and so does",
  "the key of the webhooks' secrets: the table has the savings and what was done. Each owner deletes the stack of the role in",
  "his account.",
];

const given = ({ url, profile, region }: Options) => ({
  ...(url !== undefined && { url }),
  ...(profile !== undefined && { profile }),
  ...(region !== undefined && { region }),
});

const look = async (options: Options, surroundings: Surroundings): Promise<ExitCode> => {
  const { terminal, env, now } = surroundings;
  try {
    const globals = given(options);
    const address = addressOf(globals, env);
    const api = createApi({ address, globals, surroundings });
    const obstacles = await readObstacles(api, now());
    const lines = obstacles.length > 0 ? inTheWay(obstacles) : nothingInTheWay(options.stage);
    terminal.stdout(`${lines.join("\n")}\n`);
    return obstacles.length > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { next = "npm run remove -- --help" } = error.parts;
    const sentence = `${printable(error.message)}. Next: ${printable(next)}`;
    if (exits[error.exit].code === exits.USAGE.code) return refuse(terminal, sentence);
    terminal.stderr(`${sentence}\n`);
    return 1;
  }
};

export const removeCommand =
  (surroundingsOf: (terminal: Terminal) => Surroundings) =>
  (args: readonly string[], terminal: Terminal): ExitCode | Promise<ExitCode> =>
    runCommand(commandLine, { args, terminal }, (options) =>
      look(options, surroundingsOf(terminal)),
    );
