/** `spot notices …`: what was told of an account, whether it arrived, and who knows of it. */
import { dataOf, type Schemas } from "../api/client.ts";
import type { AddCommands, Handler } from "../context.ts";
import { thatChanges, withExamples } from "../leaf.ts";
import type { Column } from "../output/layout.ts";
import { addPaging, footerOf, readPages, type PagingOptions } from "../paging.ts";
import { timeText } from "../output/time.ts";

type Notice = Schemas["Notice"];

/** What became of it: over, known to somebody, or how many channels took it. */
const stateOf = ({ over_at: overAt, acknowledged, deliveries }: Notice): string => {
  if (overAt !== undefined) return "over";
  if (acknowledged !== undefined) return "known";
  if (deliveries.some(({ failing }) => failing !== undefined)) return "not arrived";
  return deliveries.some(({ taken_at: at }) => at !== undefined) ? "sent" : "not sent";
};

const columns: readonly Column<Notice>[] = [
  { heading: "NOTICE", cell: ({ notice_id: id }) => id },
  { heading: "KIND", cell: ({ kind }) => kind },
  { heading: "ACCOUNT", cell: ({ account_id: id }) => id },
  { heading: "TIMES", align: "right", cell: ({ times }) => String(times) },
  { heading: "LAST", cell: ({ last_at: at }) => timeText(at) },
  {
    heading: "STATE",
    cell: stateOf,
    tone: (notice) => (stateOf(notice) === "not arrived" ? "bad" : undefined),
  },
  { heading: "WHAT", cut: 1, cell: ({ sentence }) => sentence },
];

interface ListOptions extends PagingOptions {
  readonly account?: string;
}

const list: Handler<ListOptions> = async ({ api, print }, { options }) => {
  const { account } = options;
  const filter = account === undefined ? {} : { account_id: account };
  const page = await readPages(options, (query) =>
    dataOf(api.GET("/api/v1/notices", { params: { query: { ...query, ...filter } } })),
  );
  print.list(page, columns, {
    empty: "Nothing was told within 90 days.",
    footer: footerOf(page, "notices"),
  });
  return "DONE";
};

const acknowledge: Handler<object> = async ({ api, print, confirm }, { args: [id = ""] }) => {
  await confirm(`Say that you know of ${id}? It is not repeated until it changes.`);
  const notice = await dataOf(
    api.POST("/api/v1/notices/{id}/acknowledge", { params: { path: { id } }, body: {} }),
  );
  print.record(notice, [
    ["Notice", notice.notice_id],
    ["What", notice.sentence],
    ["Next", notice.next_step],
    ["Known to", notice.acknowledged?.by ?? ""],
    ["Since", timeText(notice.acknowledged?.at)],
  ]);
  return "DONE";
};

const test: Handler<object> = async ({ api, print, confirm }, { args: [id = ""] }) => {
  await confirm(`Send a test notice to whoever is told of account ${id}?`);
  const tested = await dataOf(
    api.POST("/api/v1/accounts/{id}/notices/test", { params: { path: { id } }, body: {} }),
  );
  print.record(tested, [
    ["Notice", tested.notice_id],
    ["Next", `in a minute or two: spot notices list --account ${id}`],
  ]);
  return "DONE";
};

export const addNotices: AddCommands = (program, run) => {
  const notices = program
    .command("notices")
    .description("what was told, whether it arrived, and who knows of it");
  withExamples(
    addPaging(notices.command("list").description("list what was told, told last first"))
      .option("--account <id>", "of this account only")
      .action(run(list)),
    "spot notices list --account 444455556666",
  );
  withExamples(
    thatChanges(
      notices
        .command("acknowledge")
        .description("say that you know of it: it is not repeated until it changes")
        .argument("<notice>", "id of the notice")
        .action(run(acknowledge)),
    ),
    "spot notices acknowledge ntc-01j9z0x3k4m5n6p7q8r9 --as ann",
  );
  withExamples(
    thatChanges(
      notices
        .command("test")
        .description("send a test notice")
        .argument("<account>", "id of the account")
        .action(run(test)),
    ),
    "spot notices test 444455556666",
  );
};
