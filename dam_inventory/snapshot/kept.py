"""Kept: the latest few answers, each computed once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Question = TypeVar("Question", bound=Hashable)
Answer = TypeVar("Answer")


class _Once(Generic[Answer]):
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: list[Answer] = []

    def get(self, compute: Callable[[], Answer]) -> Answer:
        with self._lock:
            if not self._answers:
                self._answers.append(compute())
            return self._answers[0]


class Kept(Generic[Question, Answer]):
    """Keeps the answers to the latest `most` questions.

    If several threads have the same question, one computes the answer and the others wait for it.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._latest: dict[Question, _Once[Answer]] = {}

    def answer(self, question: Question, compute: Callable[[], Answer]) -> Answer:
        """Return the answer that is kept, or else compute it."""
        with self._lock:
            once = self._latest.pop(question, None) or _Once[Answer]()
            self._latest[question] = once
            if len(self._latest) > self._most:
                del self._latest[next(iter(self._latest))]
        return once.get(compute)
