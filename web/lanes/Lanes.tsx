/** Lanes that belong together. Their tracks are drawn while they are in sight, or nearly: of fifty people some are. */
import { type ComponentChildren, createContext } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Whether the lanes around are in sight. */
export const InSight = createContext(true);

/** Pixels above and below what is in sight. */
const MARGIN_PX = 400;

export function Lanes({ children }: { readonly children: ComponentChildren }) {
  const element = useRef<HTMLDivElement>(null);
  const [isInSight, setInSight] = useState(false);
  // What is in sight at once is there with the first picture.
  useLayoutEffect(() => {
    const { top, bottom } = element.current!.getBoundingClientRect();
    setInSight(top < innerHeight + MARGIN_PX && bottom > -MARGIN_PX);
  }, []);
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => setInSight(entries.at(-1)!.isIntersecting), {
      rootMargin: `${MARGIN_PX}px`,
    });
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={element} class="lanes">
      <InSight.Provider value={isInSight}>{children}</InSight.Provider>
    </div>
  );
}
