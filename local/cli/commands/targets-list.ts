/** `spot targets …`: what is optimised. */
import { dataOf, type Schemas } from "../api/client.ts";
import type { AddCommands, Handler } from "../context.ts";
import { withExamples } from "../leaf.ts";
import { nounOf } from "../noun.ts";
import type { Column } from "../output/layout.ts";
import { addPaging, footerOf, readPages, type PagingOptions } from "../paging.ts";

type Target = Schemas["Target"];

const columns: readonly Column<Target>[] = [
  { heading: "TARGET", cell: ({ target_id: id }) => id },
  { heading: "INSTANCE", cell: ({ instance_id: id }) => id },
  { heading: "TYPE", cell: ({ instance_type: type }) => type },
  { heading: "ZONE", cell: ({ availability_zone: zone }) => zone },
  { heading: "MODE", cell: ({ pipeline_mode: mode }) => mode },
  { heading: "SHADOW", cell: ({ is_shadow_mode: isShadow }) => (isShadow ? "yes" : "no") },
];

interface ListOptions extends PagingOptions {
  readonly account?: string;
}

const list: Handler<ListOptions> = async ({ api, print }, { options }) => {
  const page = await readPages(options, (query) =>
    dataOf(
      api.GET("/api/v1/lab/instances", {
        params: {
          query: {
            ...query,
            ...(options.account !== undefined && { account_id: options.account }),
          },
        },
      }),
    ),
  );
  print.list(page, columns, {
    empty: "No targets. Next: spot preflight ACCOUNT, then spot targets add",
    footer: footerOf(page, "targets"),
  });
  return "DONE";
};

export const addTargetsList: AddCommands = (program, run) => {
  const targets = nounOf(program, "targets");
  addPaging(withExamples(targets.command("list"), "spot targets list"))
    .description("list the targets")
    .option("--account <id>", "of this account only")
    .action(run(list));
};
