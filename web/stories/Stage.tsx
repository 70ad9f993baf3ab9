import { Component, type ReactNode, useEffect } from 'react';
import { StoryWorld } from '../packages/react/src/testing/stories/StoryWorld.tsx';
import type { StoryOf } from './collect.tsx';

/** One story by itself, in its world. */
export function Stage({ story }: { story: StoryOf }) {
  useEffect(() => {
    document.title = `${story.title}: ${story.name}`;
  }, [story]);
  return (
    <main className="stage">
      <h1 className="mw-hidden">{story.title}</h1>
      <h2 className="mw-hidden">{story.name}</h2>
      <Trap key={story.id}>
        <StoryWorld parameters={story.parameters} play={story.play}>
          {story.element()}
        </StoryWorld>
      </Trap>
    </main>
  );
}

/** A story that cannot be drawn says so where it would stand. */
class Trap extends Component<{ children: ReactNode }, { problem: string | null }> {
  override state = { problem: null };

  static getDerivedStateFromError(error: unknown) {
    return { problem: String(error) };
  }

  override render() {
    return this.state.problem === null ? this.props.children : <pre role="alert">{this.state.problem}</pre>;
  }
}
