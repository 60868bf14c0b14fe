/**
 * The control API noun by noun, each loaded by the first request for it. A function that has just started makes the schemas of one noun
 * and not of all, of which there are four thousand.
 */
import { apiBasePath, type ApiApp, type ApiContext } from "./context.ts";
import { createApp, type AddRoutes } from "./create-app.ts";

type Noun = () => Promise<readonly AddRoutes[]>;

/** By the first part of the path. */
const nouns: ReadonlyMap<string, Noun> = new Map<string, Noun>([
  [
    "accounts",
    async () => {
      const [
        { addAccountRoutes },
        { addAccountRoleRoutes },
        { addAccountClusterRoutes },
        { addSwitchingRoutes },
        { addAccountApprovalRoutes },
        { addAccountEnforcerRoutes },
        { addAccountWasteRoutes },
        { addAccountNoticeRoutes },
        { addOffBoardingRoute },
      ] = await Promise.all([
        import("./routes/accounts.ts"),
        import("./routes/account-role.ts"),
        import("./routes/account-clusters.ts"),
        import("./routes/switching.ts"),
        import("./routes/account-approvals.ts"),
        import("./routes/account-enforcer.ts"),
        import("./routes/account-waste.ts"),
        import("./routes/account-notices.ts"),
        import("./routes/account-off-boarding.ts"),
      ]);
      return [
        addAccountRoutes,
        addAccountRoleRoutes,
        addAccountClusterRoutes,
        addSwitchingRoutes,
        addAccountApprovalRoutes,
        addAccountEnforcerRoutes,
        addAccountWasteRoutes,
        addAccountNoticeRoutes,
        addOffBoardingRoute,
      ];
    },
  ],
  ["fleet", async () => [(await import("./routes/fleet.ts")).addFleetRoute]],
  [
    "lab",
    async () => {
      const [
        { addTargetRoutes },
        { addBulkRegistrationRoute },
        { addTargetModelRoute },
        { addEvaluateRoute },
        { addJudgedRunRoutes },
      ] = await Promise.all([
        import("./routes/lab-instances.ts"),
        import("./routes/bulk-registration.ts"),
        import("./routes/target-model.ts"),
        import("./routes/evaluate.ts"),
        import("./routes/judged-runs.ts"),
      ]);
      return [
        addTargetRoutes,
        addBulkRegistrationRoute,
        addTargetModelRoute,
        addEvaluateRoute,
        addJudgedRunRoutes,
      ];
    },
  ],
  [
    "evaluations",
    async () => {
      const [{ addEvaluationRoutes }, { addResolutionRoutes }] = await Promise.all([
        import("./routes/evaluations.ts"),
        import("./routes/resolutions.ts"),
      ]);
      return [addEvaluationRoutes, addResolutionRoutes];
    },
  ],
  ["approvals", async () => [(await import("./routes/approvals.ts")).addApprovalRoutes]],
  ["preflight", async () => [(await import("./routes/preflight.ts")).addPreflightRoutes]],
  ["risk", async () => [(await import("./routes/risk-pools.ts")).addRiskPoolRoutes]],
  ["models", async () => [(await import("./routes/models.ts")).addModelRoutes]],
  [
    "savings",
    async () => [
      (await import("./routes/savings.ts")).addSavingsRoutes,
      (await import("./routes/savings-hours.ts")).addSavingsHoursRoutes,
    ],
  ],
  ["waste", async () => [(await import("./routes/waste.ts")).addWasteRoutes]],
  ["unclaimed-resources", async () => [(await import("./routes/unclaimed.ts")).addUnclaimedRoutes]],
  ["notices", async () => [(await import("./routes/notices.ts")).addNoticeRoutes]],
  ["governance", async () => [(await import("./routes/governance.ts")).addGovernanceRoutes]],
  ["kill-switch", async () => [(await import("./routes/operations.ts")).addOperationRoutes]],
  ["restore", async () => [(await import("./routes/restore.ts")).addRestoreRoutes]],
  ["health", async () => [(await import("./routes/operations.ts")).addOperationRoutes]],
]);

/** What is spelled otherwise, and the document, are answered by the whole API. */
const wholeApi = "";

const nounOf = (path: string): string => {
  const [first = "", name = ""] = path.slice(apiBasePath.length).split("/");
  return path.startsWith(apiBasePath) && first === "" && nouns.has(name) ? name : wholeApi;
};

const routesOf = new Map<string, Promise<readonly AddRoutes[]>>();

/** Of a noun, once in a process. */
const loadRoutes = (name: string, noun: Noun): Promise<readonly AddRoutes[]> => {
  const routes = routesOf.get(name) ?? noun();
  routesOf.set(name, routes);
  return routes;
};

/** All of them, for who cannot wait for files later. */
export const loadNouns = async (): Promise<void> => {
  await import("./create-api.ts");
  for (const [name, noun] of nouns) await loadRoutes(name, noun);
};

/** The app that answers a path as the whole API would. */
export const apiByNoun = (context: ApiContext): ((path: string) => Promise<ApiApp>) => {
  const loaded = new Map<string, Promise<ApiApp>>();
  const load = async (name: string): Promise<ApiApp> => {
    const noun = nouns.get(name);
    return noun === undefined
      ? (await import("./create-api.ts")).createApi(context)
      : createApp(context, await loadRoutes(name, noun));
  };
  return (path) => {
    const name = nounOf(path);
    const app = loaded.get(name) ?? load(name);
    loaded.set(name, app);
    return app;
  };
};
