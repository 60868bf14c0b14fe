/** `spot approvals …`: what waits for a person, and what he says of it. */
import { Option } from "commander";
import {
  approvalLines,
  hashHelp,
  noteLines,
  printVoted,
  requireHash,
  shortHash,
  subjectOf,
  type HashOptions,
} from "../agreement.ts";
import { dataOf, type Schemas } from "../api/client.ts";
import type { AddCommands, Context, Handler } from "../context.ts";
import { thatChanges, withExamples } from "../leaf.ts";
import type { Column } from "../output/layout.ts";
import { addPaging, footerOf, readPages, type PagingOptions } from "../paging.ts";
import { timeText } from "../output/time.ts";

type Approval = Schemas["Approval"];

const columns: readonly Column<Approval>[] = [
  { heading: "APPROVAL", cell: ({ approval_id: id }) => id },
  { heading: "KIND", cell: ({ kind }) => kind },
  { heading: "SUBJECT", cell: subjectOf },
  { heading: "STATUS", cell: ({ status }) => status },
  {
    heading: "AGREED",
    align: "right",
    cell: ({ votes, needed }) => `${String(votes.length)} of ${String(needed)}`,
  },
  { heading: "EXPIRES", cell: ({ expires_at: at }) => timeText(at) },
  { heading: "BECAUSE", cut: 1, cell: ({ because }) => because },
];

const statuses = [
  "PENDING",
  "APPROVED",
  "CONSUMED",
  "REJECTED",
  "SUPERSEDED",
  "EXPIRED",
  "VOID",
] as const satisfies readonly Approval["status"][];

interface ListOptions extends PagingOptions {
  readonly status: (typeof statuses)[number] | "ANY";
  readonly account?: string;
  readonly target?: string;
}

const list: Handler<ListOptions> = async ({ api, print }, { options }) => {
  const { status, account, target } = options;
  const filter = {
    ...(status !== "ANY" && { status }),
    ...(account !== undefined && { account_id: account }),
    ...(target !== undefined && { target_id: target }),
  };
  const page = await readPages(options, (query) =>
    dataOf(api.GET("/api/v1/approvals", { params: { query: { ...query, ...filter } } })),
  );
  print.list(page, columns, {
    empty:
      status === "PENDING"
        ? "Nothing waits for anybody. What was decided: spot approvals list --status ANY"
        : "No approvals.",
    footer: footerOf(page, "approvals"),
  });
  return "DONE";
};

const read = ({ api }: Context, id: string): Promise<Approval> =>
  dataOf(api.GET("/api/v1/approvals/{id}", { params: { path: { id } } }));

const approve: Handler<HashOptions> = async (context, { args: [id = ""], options }) => {
  const { api, print, globals } = context;
  const approval = await read(context, id);
  const { bounds_hash: hash } = approval;
  requireHash(options, hash, `spot approvals list --json`);
  noteLines(print, approvalLines(approval));
  await context.confirm(`Approve bounds ${shortHash(hash)}? Outside them you are asked again.`);
  const { reason } = globals;
  const voted = await dataOf(
    api.POST("/api/v1/approvals/{id}/approve", {
      params: { path: { id } },
      body: { bounds_hash: hash, ...(reason !== undefined && { comment: reason }) },
    }),
  );
  return printVoted(print, voted);
};

const reject: Handler<object> = async (context, { args: [id = ""] }) => {
  const { api, print } = context;
  const comment = await context.reason();
  const approval = await read(context, id);
  noteLines(print, approvalLines(approval));
  await context.confirm(
    `Reject it? The same is not asked for again for ${String(approval.rejection_days)} days.`,
  );
  const rejected = await dataOf(
    api.POST("/api/v1/approvals/{id}/reject", { params: { path: { id } }, body: { comment } }),
  );
  print.record(rejected, approvalLines(rejected));
  return "DONE";
};

export const addApprovals: AddCommands = (program, run) => {
  const approvals = program.command("approvals").description("what waits for a person");
  withExamples(
    addPaging(approvals.command("list").description("list what persons were asked to agree to"))
      .addOption(
        new Option("--status <status>", "of this status, or ANY")
          .choices([...statuses, "ANY"])
          .default("PENDING"),
      )
      .option("--account <id>", "of this account only")
      .option("--target <id>", "of this target only")
      .action(run(list)),
    "spot approvals list",
    "spot approvals list --status ANY --target tgt-01j9z0x3k4m5n6p7q8r9",
  );
  withExamples(
    thatChanges(
      approvals
        .command("approve")
        .description("agree to what is asked, within its bounds, which are shown first")
        .argument("<approval>", "id of the approval")
        .option("--hash <hash>", hashHelp)
        .action(run(approve)),
    ),
    "spot approvals approve apr-01j9z0x3k4m5n6p7q8r9",
  );
  withExamples(
    thatChanges(
      approvals
        .command("reject")
        .description("reject what is asked; --reason says why")
        .argument("<approval>", "id of the approval")
        .action(run(reject)),
    ),
    'spot approvals reject apr-01j9z0x3k4m5n6p7q8r9 --reason "Not before the sale"',
  );
};
