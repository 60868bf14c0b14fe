/** `spot preflight`: judges the whole fleet of an account before anything is registered. */
import { Option } from "commander";
import { duration, savingPercent, usd } from "../../terminal/figures.ts";
import type { Tone } from "../../terminal/paint.ts";
import { dataOf, documentOf, type Schemas } from "../api/client.ts";
import type { AddCommands, Context, Handler } from "../context.ts";
import { thatChanges, withExamples } from "../leaf.ts";
import { Failure } from "../failure.ts";
import { tableLines, type Column, type Layout } from "../output/layout.ts";
import { addPaging, footerOf, readPages, type PagingOptions } from "../paging.ts";

type Preflight = Schemas["Preflight"];
type Subject = Schemas["PreflightSubject"];
type Outcome = Subject["outcome"];

const tones: Readonly<Record<Outcome, Tone | undefined>> = {
  WILL: "good",
  WOULD: "shadow",
  WILL_ONCE: "warning",
  WONT: undefined,
  NOT_JUDGED: "bad",
};

const whyText = ({ missing, reason, sentence }: Subject): string =>
  missing.length === 0
    ? `${reason}: ${sentence}`
    : `${missing.map(({ name }) => name).join(", ")}: ${sentence}`;

const columns: readonly Column<Subject>[] = [
  { heading: "SUBJECT", cell: ({ name }) => name },
  { heading: "REGION", cell: ({ region }) => region },
  { heading: "MODE", cell: ({ mode }) => mode },
  { heading: "TYPE", cell: ({ instance_type: type }) => type ?? "" },
  { heading: "OUTCOME", cell: ({ outcome }) => outcome, tone: ({ outcome }) => tones[outcome] },
  { heading: "SAVES", cell: ({ savings_percent: saves }) => savingPercent(saves), align: "right" },
  {
    heading: "DOWN",
    cell: ({ downtime_seconds: seconds }) => (seconds === 0 ? "" : duration(seconds)),
    align: "right",
  },
  { heading: "MISSING OR WHY", cell: whyText, cut: 1 },
];

type Count = Preflight["totals"]["by_outcome"][number];

const countColumns: readonly Column<Count>[] = [
  { heading: "OUTCOME", cell: ({ outcome }) => outcome, tone: ({ outcome }) => tones[outcome] },
  { heading: "SUBJECTS", cell: ({ subjects }) => String(subjects), align: "right" },
  { heading: "WOULD SAVE A MONTH", cell: ({ monthly_usd: saves }) => usd(saves), align: "right" },
];

const failed = ({ places }: Preflight): readonly string[] =>
  places.flatMap(({ region, failure }) =>
    failure === undefined
      ? []
      : [`${region} could not be read. ${failure.error}: ${failure.cause}`],
  );

const totalLines = (preflight: Preflight, layout: Layout): readonly string[] => [
  ...tableLines(preflight.totals.by_outcome, countColumns, layout),
  ...failed(preflight),
];

const read = ({ api }: Context, id: string): Promise<Preflight> =>
  dataOf(api.GET("/api/v1/preflight/{id}", { params: { path: { id } } }));

const pollMs = 2_000;

const placesText = ({ places }: Preflight): string =>
  places.map(({ region, status }) => `${region} ${status}`).join(", ");

/** Until every region was read. */
const awaitDone = async (context: Context, id: string): Promise<Preflight> => {
  const { surroundings, print } = context;
  for (;;) {
    const preflight = await read(context, id);
    print.live(preflight.status === "DONE" ? "" : `${id}  ${placesText(preflight)}`);
    if (preflight.status === "DONE") return preflight;
    await surroundings.sleep(pollMs);
    if (surroundings.interrupt.aborted) {
      print.live("");
      throw new Failure("INTERRUPTED", "Waiting was stopped, the preflight goes on", {
        next: `spot preflight ${id}`,
      });
    }
  }
};

const start = async (
  { api, print }: Context,
  account: string,
  regions?: string[],
): Promise<string> => {
  const { preflight_id: id } = await dataOf(
    api.POST("/api/v1/preflight", {
      body: { account_id: account, ...(regions !== undefined && { regions }) },
    }),
  );
  print.note(`${id}. Ctrl-C stops waiting, not the preflight.`);
  return id;
};

interface PreflightOptions extends PagingOptions {
  readonly regions?: string[];
  readonly outcome?: Outcome;
}

const preflight: Handler<PreflightOptions> = async (context, { args: [name = ""], options }) => {
  const { api, print } = context;
  const { outcome, regions } = options;
  const id = /^\d{12}$/.test(name) ? await start(context, name, regions) : name;
  const done = await awaitDone(context, id);
  const page = await readPages(options, (query) =>
    documentOf(
      api.GET("/api/v1/preflight/{id}/subjects", {
        params: { path: { id }, query: { ...query, ...(outcome !== undefined && { outcome }) } },
      }),
    ),
  );
  print.say(...totalLines(done, print.layout()), "");
  print.list(page, columns, {
    empty: "There is nothing in these regions. Next: spot accounts show ACCOUNT",
    footer: `${footerOf(page, "subjects")} Next: spot targets add --account ${done.account_id} --preflight ${id} --outcome WILL`,
    beside: { preflight: done },
  });
  return "DONE";
};

const names = (text: string): string[] => text.split(",").filter((name) => name !== "");

export const addPreflight: AddCommands = (program, run) => {
  addPaging(
    thatChanges(
      withExamples(program.command("preflight"), "spot preflight 444455556666 --outcome WILL"),
    )
      .description(
        "judge the whole fleet of an account before anything is registered; changes nothing",
      )
      .argument("<account>", "12 digits; or the id of a preflight to show again"),
  )
    .option("--regions <names>", "of the account, with commas between; else all of them", names)
    .addOption(
      new Option("--outcome <outcome>", "of this outcome only").choices(Object.keys(tones)),
    )
    .action(run(preflight));
};
