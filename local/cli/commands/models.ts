/** `spot models …`: which risk models there are, which may judge, and which judges a target. */
import { dataOf, type Schemas } from "../api/client.ts";
import type { AddCommands, Context, Handler } from "../context.ts";
import { thatChanges, withExamples } from "../leaf.ts";
import type { Column } from "../output/layout.ts";
import { targetIdOf } from "../target-names.ts";
import { addPaging, footerOf, readPages, type PagingOptions } from "../paging.ts";

type Model = Schemas["Model"];

const columns: readonly Column<Model>[] = [
  { heading: "MODEL", cell: ({ version }) => version },
  { heading: "KIND", cell: ({ kind }) => kind },
  { heading: "STATUS", cell: ({ status }) => status },
  { heading: "DEFAULT", cell: ({ is_default: isDefault }) => (isDefault ? "yes" : "") },
  {
    heading: "HORIZON",
    align: "right",
    cell: ({ horizon_hours: hours }) => (hours === undefined ? "" : `${String(hours)} h`),
  },
  { heading: "REGISTERED", cell: ({ created_at: at }) => at?.slice(0, 10) ?? "" },
  { heading: "LAST CHANGE", cut: 1, cell: ({ history }) => history.at(-1)?.reason ?? "" },
];

const list: Handler<PagingOptions> = async ({ api, print }, { options }) => {
  const page = await readPages(options, (query) =>
    dataOf(api.GET("/api/v1/models", { params: { query } })),
  );
  print.list(page, columns, { empty: "No models.", footer: footerOf(page, "models") });
  return "DONE";
};

const show = ({ print }: Context, model: Model): void => {
  print.record(model, [
    ["Model", model.version],
    ["Kind", model.kind],
    ["Status", model.status],
    ["Reason", model.history.at(-1)?.reason ?? ""],
    ["By", model.history.at(-1)?.by ?? ""],
  ]);
};

/** As which the default one is assigned. */
const defaultName = "default";

const assign: Handler<object> = async (context, { args: [name = "", version = ""] }) => {
  const { api, print } = context;
  const id = await targetIdOf(context, name);
  await context.confirm(`Let ${version} judge ${id} from its next evaluation on?`);
  const target = await dataOf(
    api.PUT("/api/v1/lab/instances/{id}/model", {
      params: { path: { id } },
      body: { model_version: version === defaultName ? null : version },
    }),
  );
  print.record(target, [
    ["Target", target.target_id],
    ["Model", target.model_version ?? `the ${defaultName} one`],
  ]);
  return "DONE";
};

interface GraduateOptions {
  readonly force?: true;
}

const graduate: Handler<GraduateOptions> = async (context, { args: [version = ""], options }) => {
  const reason = await context.reason();
  await context.confirm(
    `Let ${version} judge targets of any account? Undone for good by: spot models reject ${version}.`,
  );
  const model = await dataOf(
    context.api.POST("/api/v1/models/{version}/graduate", {
      params: { path: { version } },
      body: { reason, ...(options.force === true && { force: true }) },
    }),
  );
  show(context, model);
  return "DONE";
};

const reject: Handler<object> = async (context, { args: [version = ""] }) => {
  const reason = await context.reason();
  await context.confirm(
    `Archive ${version} for good? Targets that have it are refused until another one is assigned.`,
  );
  const model = await dataOf(
    context.api.POST("/api/v1/models/{version}/reject", {
      params: { path: { version } },
      body: { reason },
    }),
  );
  show(context, model);
  return "DONE";
};

export const addModels: AddCommands = (program, run) => {
  const models = program.command("models").description("risk models: registry and assignment");
  withExamples(
    addPaging(models.command("list").description("list them, the built-in ones first")).action(
      run(list),
    ),
    "spot models list",
  );
  withExamples(
    thatChanges(
      models
        .command("assign")
        .description("let a model judge a target")
        .argument("<target>", "id of the target or of its instance, or its name")
        .argument("<version>", `version of the model, or ${defaultName}`)
        .action(run(assign)),
    ),
    "spot models assign tgt-01j9z0x3k4m5n6p7q8r9 streak-3",
  );
  withExamples(
    thatChanges(
      models
        .command("graduate")
        .description("let a candidate judge targets of any account; --reason says why")
        .argument("<version>", "version of the model")
        .option("--force", "although its Brier score does not beat always saying the base rate")
        .action(run(graduate)),
    ),
    'spot models graduate logistic-7 --reason "Best of the backtest"',
  );
  withExamples(
    thatChanges(
      models
        .command("reject")
        .description("archive a model for good; --reason says why")
        .argument("<version>", "version of the model")
        .action(run(reject)),
    ),
    'spot models reject logistic-6 --reason "logistic-7 is better"',
  );
};
