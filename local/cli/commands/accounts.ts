/** `spot accounts list|show`: customer accounts and what goes on in them. */
import { usd } from "../../terminal/figures.ts";
import { dataOf, type Schemas } from "../api/client.ts";
import type { AddCommands, Handler } from "../context.ts";
import { withExamples } from "../leaf.ts";
import { nounOf } from "../noun.ts";
import type { Column } from "../output/layout.ts";
import { addPaging, footerOf, readPages, type PagingOptions } from "../paging.ts";

type Account = Schemas["Account"];
type Shown = Schemas["AccountWithSwitching"];

const toneOf = ({ status }: Pick<Account, "status">) =>
  status === "ACTIVE" ? "good" : status === "DISABLED" ? "warning" : undefined;

const missingText = ({ permissions }: Pick<Account, "permissions">): string => {
  const missing = permissions?.missing ?? [];
  return missing.map(({ action }) => action).join(", ");
};

const columns: readonly Column<Account>[] = [
  { heading: "ACCOUNT", cell: ({ account_id: id }) => id },
  { heading: "NAME", cell: ({ name }) => name, cut: 2 },
  { heading: "ENVIRONMENT", cell: ({ environment }) => environment },
  { heading: "STATUS", cell: ({ status }) => status, tone: toneOf },
  { heading: "REGIONS", cell: ({ regions }) => regions.join(", "), cut: 3 },
  { heading: "MISSING", cell: missingText, cut: 1 },
];

const list: Handler<PagingOptions> = async ({ api, print }, { options }) => {
  const page = await readPages(options, (query) =>
    dataOf(api.GET("/api/v1/accounts", { params: { query } })),
  );
  print.list(page, columns, {
    empty: "No accounts. Next: spot accounts add ACCOUNT --name NAME --regions REGION",
    footer: footerOf(page, "accounts"),
  });
  return "DONE";
};

const paceText = ({ switching }: Shown): string =>
  switching.pace
    .map(({ region, running, at_most: most }) => `${region} ${String(running)} of ${String(most)}`)
    .join(", ");

const show: Handler<object> = async ({ api, print }, { args: [id = ""] }) => {
  const account = await dataOf(api.GET("/api/v1/accounts/{id}", { params: { path: { id } } }));
  const { switching, places, find_by_tags: found, off_boarding: leaving, freezes = [] } = account;
  print.record(account, [
    ["Account", `${account.account_id} ${account.name}`],
    ["Environment", account.environment],
    ["Status", account.status],
    ["Role", account.role_arn],
    ["Regions", account.regions.join(", ")],
    ["Missing", missingText(account)],
    ["Switches", paceText(account)],
    [
      "Halted",
      switching.halt === undefined ? "" : `since ${switching.halt.at} for ${switching.halt.error}`,
    ],
    [
      "Extra cost",
      account.max_extra_hourly_usd === undefined
        ? ""
        : `${usd(account.max_extra_hourly_usd)} an hour at most`,
    ],
    [
      "Freezes",
      freezes.map(({ from, until, reason }) => `${from} to ${until} (${reason})`).join(", "),
    ],
    [
      "Found by",
      found === undefined
        ? ""
        : Object.entries(found)
            .map((tag) => tag.join("="))
            .join(", "),
    ],
    ["Swept", places.map(({ region }) => region).join(", ")],
    ["Leaves", leaving === undefined ? "" : `waits for ${leaving.waits_for.join(" ")}`],
  ]);
  return "DONE";
};

export const addAccounts: AddCommands = (program, run) => {
  const accounts = nounOf(program, "accounts");
  addPaging(withExamples(accounts.command("list"), "spot accounts list"))
    .description("list the accounts")
    .action(run(list));
  withExamples(accounts.command("show"), "spot accounts show 444455556666")
    .description("show an account and what goes on in it")
    .argument("<account>", "12 digits")
    .action(run(show));
};
