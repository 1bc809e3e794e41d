"""Trying the method: a case coded by the reader, judged by the engine that judges the published ones, kept nowhere."""
