import { chooseProject } from "../session/project.js";
import { useSession } from "../session/session.js";
import { Text } from "../ui/text.js";

/** Which project one looks at; a choice only where there is one. */
export function ProjectSwitcher() {
  const { project, projects } = useSession();
  if (projects.length === 1) {
    return (
      <span className="truncate px-2 text-sm text-soft max-sm:hidden">
        <Text maxLength={100}>{project.name}</Text>
      </span>
    );
  }
  return (
    <select
      aria-label="Project"
      className="field min-w-0 max-sm:w-28!"
      value={project.id}
      onChange={(event) => chooseProject(event.target.value)}
    >
      {projects.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}
