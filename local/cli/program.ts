/** Puts the commands into one tree. Documentation and completion are made from it. */
import { Command } from "commander";
import { addWatching } from "./again.ts";
import { addAccountChanges } from "./commands/account-changes.ts";
import { addAccountRole } from "./commands/account-role.ts";
import { addAccounts } from "./commands/accounts.ts";
import { addApprovals } from "./commands/approvals.ts";
import { addCompletion } from "./commands/completion.ts";
import { addConsole } from "./commands/console.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addEvaluate } from "./commands/evaluate.ts";
import { addEvaluations } from "./commands/evaluations.ts";
import { addGovernance } from "./commands/governance.ts";
import { addHealth } from "./commands/health.ts";
import { addKillSwitch } from "./commands/kill-switch.ts";
import { addModels } from "./commands/models.ts";
import { addNotices } from "./commands/notices.ts";
import { addPreflight } from "./commands/preflight.ts";
import { addReplay } from "./commands/replay.ts";
import { addResolutions } from "./commands/resolutions.ts";
import { addRisk } from "./commands/risk.ts";
import { addSavings } from "./commands/savings.ts";
import { addShow } from "./commands/show.ts";
import { addTargetsList } from "./commands/targets-list.ts";
import { addTargets } from "./commands/targets.ts";
import { addWaste } from "./commands/waste.ts";
import type { AddCommands, Run } from "./context.ts";
import { exits } from "./exit-codes.ts";
import { addGlobals } from "./globals.ts";

/** In the order of the help. */
const commands: readonly AddCommands[] = [
  addTargetsList,
  addTargets,
  addAccounts,
  addAccountChanges,
  addAccountRole,
  addPreflight,
  addEvaluate,
  addShow,
  addReplay,
  addEvaluations,
  addResolutions,
  addApprovals,
  addSavings,
  addRisk,
  addWaste,
  addGovernance,
  addModels,
  addNotices,
  addKillSwitch,
  addDoctor,
  addHealth,
  addConsole,
  addCompletion,
];

const exitText = `Exit code: ${Object.values(exits)
  .map(({ code, meaning }) => `${String(code)} ${meaning}`)
  .join("; ")}.`;

/** Broken at blanks to lines of at most 100 columns. */
const wrapped = (text: string): string => text.replaceAll(/(.{1,100})(?: |$)/g, "$1\n").trimEnd();

const introduction = `Asks and steers Spot Optimizer by its control API: that of npm start on this machine, or a deployed one.

A target is named by its id (tgt-…), by the id of its instance (i-…), or by its name where no other has it.`;

/**
 * @param run makes a handler an action of commander
 * @param version of this package; where nobody asks for it, any
 */
export const createProgram = (run: Run, version = ""): Command => {
  const program = addGlobals(new Command("spot"))
    .version(version, "--version", "say which version this is; spot health says the API's")
    .usage("[options] <command>")
    .description(introduction)
    .addHelpText("after", `\n${wrapped(exitText)}`);
  for (const add of commands) add(program, run);
  addWatching(program);
  return program;
};
