import type { WireShieldProfile } from "@holdpoint/protocol/shield";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useSession } from "../session/session.js";
import { Chip } from "../ui/chip.js";
import { Page, Rows } from "../ui/page.js";
import { ErrorState, LoadingState } from "../ui/state.js";
import { Text } from "../ui/text.js";
import { Age } from "../ui/time.js";
import { useTitle } from "../ui/title.js";
import { FirstProfile } from "./first-profile.js";
import { LearningMeter } from "./learning-meter.js";
import { ModeMark } from "./mode-mark.js";
import { shieldProfilesQuery } from "./queries.js";
import { count, counted } from "./words.js";

/** `/shield`: the services whose behaviour is followed, and how each is. */
export function ShieldPage() {
  const { project } = useSession();
  const query = useQuery(shieldProfilesQuery(project.id));
  useTitle("Shield");
  if (query.isPending) return <LoadingState what="the shield" />;
  if (!query.data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const profiles = query.data.data;
  return (
    <Page
      title="Shield"
      about="What each service is known to do, learnt from what its agents do. Where it enforces, what they have never done waits for a person."
    >
      {profiles.length === 0 ? (
        <FirstProfile />
      ) : (
        <Rows label="Services">
          {profiles.map((profile) => (
            <ProfileRow key={profile.id} profile={profile} />
          ))}
        </Rows>
      )}
    </Page>
  );
}

function ProfileRow({ profile }: { profile: WireShieldProfile }) {
  const { service, environment, mode, baseline, last_24_hours: day, warnings } = profile;
  return (
    <li className="relative grid gap-x-6 gap-y-1.5 px-4 py-3 hover:bg-well sm:grid-cols-[minmax(0,1fr)_13rem_15rem] sm:items-center">
      <div className="min-w-0">
        <p className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
          <Link
            to="/shield/$service"
            params={{ service }}
            search={environment === undefined ? {} : { environment }}
            className="font-mono font-semibold outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
          >
            <Text maxLength={100}>{service}</Text>
          </Link>
          {environment !== undefined && (
            <Chip>
              <Text maxLength={64}>{environment}</Text>
            </Chip>
          )}
          {warnings.length > 0 && <Chip>{counted(warnings.length, "warning")}</Chip>}
        </p>
        <p className="text-sm text-faint">
          {counted(baseline.actions, "action")}, {counted(baseline.transitions, "way")}
          {profile.last_step_at !== undefined && (
            <>
              , last step <Age at={profile.last_step_at} />
            </>
          )}
        </p>
      </div>
      <div className="min-w-0">
        <ModeMark mode={mode} />
        {mode === "shadow" && <LearningMeter baseline={baseline} />}
      </div>
      <dl className="flex gap-6 sm:justify-end">
        <Figure name="Steps" value={day.steps} />
        <Figure name="Anomalies" value={day.anomalies} isLoud={day.anomalies > 0} />
        <Figure name="Held" value={day.held} isLoud={day.held > 0} />
      </dl>
    </li>
  );
}

/** A number of the last 24 hours. */
function Figure({
  name,
  value,
  isLoud = false,
}: {
  name: string;
  value: number;
  isLoud?: boolean;
}) {
  return (
    <div title="In the last 24 hours" className="sm:text-right">
      <dt className="eyebrow">
        {name}
        <span className="sr-only"> in the last 24 hours</span>
      </dt>
      <dd className={isLoud ? "font-semibold" : value === 0 ? "text-faint" : ""}>{count(value)}</dd>
    </div>
  );
}
